import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { listIn } from './replies.js';
import type { World } from './world.js';

export const creditRows = (world: () => World): ConformanceRow[] => {
  const ledger = async (query = ''): Promise<Json> => (await world().agent.get(`/credits/ledger?${query}`)).body;
  return [
    {
      call: 'GET /credits',
      what: '`{plan, credits_used, credits_limit, credits_remaining, billing_period_start, billing_period_end}`',
      verdict: 'works',
      check: async () => {
        const limited = await world().stranger({ credits_per_month: 10 });
        const { status, body } = await limited.get('/credits');
        const counts = { credits_used: 0, credits_limit: 10, credits_remaining: 10 };
        expect([status, body]).toMatchObject([200, { plan: 'limited', ...counts }]);
        expect(String(body['billing_period_start'])).toMatch(/-01T00:00:00.000Z$/);
        expect(String(body['billing_period_end'])).toMatch(/T23:59:59.999Z$/);
      },
    },
    {
      call: 'GET /credits … without a limit',
      what: 'plans have a limit',
      verdict: 'differs',
      because:
        'an operator may set none: `plan: unlimited`, limit and remainder null, `X-Credits-Remaining: unlimited`',
      check: async () => {
        const { body, headers } = await world().agent.get('/credits');
        expect(body).toMatchObject({ plan: 'unlimited', credits_limit: null, credits_remaining: null });
        expect(headers.get('x-credits-remaining')).toBe('unlimited');
      },
    },
    {
      call: 'GET /credits … breakdown',
      what: 'counts and credits by category',
      verdict: 'not offered',
      because: 'the field is left out; the ledger, filtered by `reason`, has every movement',
      check: async () => expect((await world().agent.get('/credits')).body).not.toHaveProperty('breakdown'),
    },
    {
      call: 'GET /credits/ledger?since=&reason=&limit=&cursor=',
      what: '`{entries[] {id, amount, reason, resource_id, balance_after, created_at}, has_more, next_cursor}`',
      verdict: 'works',
      check: async () => {
        const { clean, letter } = world();
        const find = (message: Json, reason: string) =>
          waitFor(
            async () =>
              listIn(await ledger(`reason=${reason}&limit=100`), 'entries').find(
                ({ resource_id }) => resource_id === message['id'],
              ),
            'the entry',
          );
        const [sent, received] = [await find(clean, 'message_sent'), await find(letter, 'message_received')];
        expect([sent, received]).toMatchObject([
          { id: expect.stringMatching(/^crd_/), amount: 1, reason: 'message_sent', balance_after: null },
          { amount: 1, reason: 'message_received' },
        ]);
        const after = Date.parse(String(sent['created_at'])) + 1;
        const later = await ledger(`limit=100&since=${new Date(after).toISOString()}`);
        expect(listIn(later, 'entries').map(({ id }) => id)).not.toContain(sent['id']);
        const first = await ledger('limit=1');
        const next = await ledger(`limit=1&cursor=${first['next_cursor']}`);
        expect(listIn(next, 'entries')[0]?.['id']).not.toBe(listIn(first, 'entries')[0]?.['id']);
      },
    },
    {
      call: 'GET /credits/ledger?reason=ai_scan, pii_redaction, hitl_review',
      what: 'what these cost',
      verdict: 'differs',
      because: 'nothing: one credit for each message that is sent or scanned on receipt is all, so the list is empty',
      check: async () => {
        const lists = await Promise.all(
          ['ai_scan', 'pii_redaction', 'hitl_review'].map((reason) => ledger(`reason=${reason}`)),
        );
        for (const list of lists) expect(list).toEqual({ entries: [], has_more: false, next_cursor: null });
      },
    },
    {
      call: 'X-Credits-Remaining',
      what: 'on every reply',
      verdict: 'works',
      check: async () => {
        const limited = await world().stranger({ credits_per_month: 10 });
        const replies = [
          await limited.get('/inboxes'),
          await limited.post('/inboxes', { slug: 'No' }),
          await limited.get('/inboxes?page=1'),
          await limited.get('/nowhere'),
        ];
        expect(replies.map(({ status }) => status)).toEqual([200, 422, 422, 404]);
        expect(replies.map(({ headers }) => headers.get('x-credits-remaining'))).toEqual(Array(4).fill('10'));
      },
    },
  ];
};
