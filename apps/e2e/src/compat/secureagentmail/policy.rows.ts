import { expect } from '@jest/globals';
import type { Reply } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { codeOf, listIn } from './replies.js';
import type { World } from './world.js';

/** The examples of its page on policies. */
const CONFIGS = {
  domain_allowlist: { domains: ['example.com', 'partner.example', '*.internal.example'] },
  domain_blocklist: { domains: ['competitor.example'] },
  rate_limit: { max_per_hour: 50, max_per_day: 500 },
  keyword_filter: { keywords: ['internal only'], patterns: [String.raw`\b\d{3}-\d{2}-\d{4}\b`] },
  pii_redaction: { redact_emails: true, redact_phone_numbers: true, redact_ssn: true, redact_credit_cards: true },
};

export const policyRows = (world: () => World): ConformanceRow[] => {
  /** Of an inbox that sends nothing else. */
  const make = (body: object = {}): Promise<Reply> => {
    const { agent, mailbox } = world();
    const type = 'domain_blocklist';
    return agent.post('/policies', { name: 'x', type, config: CONFIGS[type], inbox_id: mailbox['id'], ...body });
  };
  return [
    ...Object.entries(CONFIGS).map(([type, config]): ConformanceRow => ({
      call: 'POST /policies',
      what: `201 with a \`${type}\` {${Object.keys(config).join(', ')}}`,
      verdict: 'works',
      check: async () => {
        const { status, body } = await make({ type, config, enabled: true });
        expect(status).toBe(201);
        expect(body).toMatchObject({ type, config, action: 'block', enabled: true, inbox_id: world().mailbox['id'] });
        expect(body).toMatchObject({ id: expect.stringMatching(/^pol_/), created_at: expect.any(String) });
      },
    })),
    {
      call: 'POST /policies … type output_scan',
      what: 'its documents do not show the configuration',
      verdict: 'differs',
      because: 'here it is `{threshold}`, a risk score of 0 to 100',
      check: async () => {
        const made = await make({ type: 'output_scan', config: { threshold: 60 } });
        expect(made).toMatchObject({ status: 201, body: { type: 'output_scan', config: { threshold: 60 } } });
      },
    },
    {
      call: 'POST /policies … action',
      what: '`block` is the only one that its documents show',
      verdict: 'differs',
      because: '`hold` (for a person) and `tag` are there, too; `block` when left out',
      check: async () => {
        const made = await Promise.all([{}, { action: 'hold' }, { action: 'tag' }].map(make));
        expect(made.map(({ body }) => String(body['action']))).toEqual(['block', 'hold', 'tag']);
      },
    },
    {
      call: 'POST /policies … name',
      what: 'is kept',
      verdict: 'differs',
      because: 'a policy is known by its type, which replies show as `name`; the given one is taken and not kept',
      check: async () => {
        const made = await make({ name: 'Block competitors' });
        expect(made).toMatchObject({ status: 201, body: { name: 'domain_blocklist' } });
      },
    },
    {
      call: 'POST /policies … inbox_id null',
      what: 'in force for every inbox',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const made = await make({ inbox_id: null });
        expect(made).toMatchObject({ status: 201, body: { inbox_id: null } });
        await agent.delete(`/policies/${made.body['id']}`);
      },
    },
    {
      call: 'POST /policies … config {}',
      what: 'an example of its reference makes a domain list without domains',
      verdict: 'differs',
      because: 'a list that stops nothing, or everything, is a mistake: 422 `validation_error`',
      check: async () => expect(codeOf(await make({ config: {} }))).toEqual([422, 'validation_error']),
    },
    {
      call: 'GET /policies?inbox_id=&type=&limit=&cursor=',
      what: '`{policies, has_more, next_cursor}`',
      verdict: 'works',
      check: async () => {
        const { agent, mailbox } = world();
        const ids = [
          (await make({ type: 'rate_limit', config: CONFIGS.rate_limit })).body['id'],
          (await make({ type: 'rate_limit', config: CONFIGS.rate_limit })).body['id'],
        ];
        const path = `/policies?inbox_id=${mailbox['id']}&type=rate_limit&limit=1`;
        const first = (await agent.get(path)).body;
        const next = (await agent.get(`${path}&cursor=${first['next_cursor']}`)).body;
        expect([listIn(first, 'policies')[0]?.['id'], listIn(next, 'policies')[0]?.['id']]).toEqual(ids.toReversed());
        expect(first['has_more']).toBe(true);
      },
    },
    {
      call: 'GET /policies/{policy_id}',
      what: 'the policy',
      verdict: 'works',
      check: async () => {
        const made = (await make()).body;
        expect(await world().agent.get(`/policies/${made['id']}`)).toMatchObject({ status: 200, body: made });
      },
    },
    {
      call: 'PATCH /policies/{policy_id}',
      what: 'changes what is given; nothing for `{}`',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const made = (await make()).body;
        const path = `/policies/${made['id']}`;
        expect((await agent.patch(path, {})).body).toEqual(made);
        const config = { domains: ['other.example'] };
        const changed = await agent.patch(path, { enabled: false, config });
        expect(changed).toMatchObject({
          status: 200,
          body: { id: made['id'], action: 'block', enabled: false, config },
        });
      },
    },
    {
      call: 'DELETE /policies/{policy_id}',
      what: 'an empty reply',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const path = `/policies/${(await make()).body['id']}`;
        expect(await agent.delete(path)).toMatchObject({ status: 204, body: '' });
        expect(codeOf(await agent.get(path))).toEqual([404, 'not_found']);
      },
    },
    {
      call: 'POST /policies without the scope',
      what: '403 `forbidden`',
      verdict: 'works',
      check: async () => {
        const refused = await world().reviewer.post('/policies', {
          name: 'x',
          type: 'domain_blocklist',
          config: CONFIGS.domain_blocklist,
        });
        expect(codeOf(refused)).toEqual([403, 'forbidden']);
      },
    },
  ];
};
