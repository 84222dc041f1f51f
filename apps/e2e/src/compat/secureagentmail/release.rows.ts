import { expect } from '@jest/globals';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { codeOf } from './replies.js';
import { inboxOf, type World } from './world.js';
import { EICAR } from '../../harness/bait.js';

export const releaseRows = (world: () => World): ConformanceRow[] => {
  const withheldMail = async (): Promise<Json> => {
    const { agent, outside, tenant } = world();
    const inbox = await inboxOf(agent);
    return outside.writes(inbox, { subject: unique('Tool'), text: EICAR }, tenant.admin);
  };
  return [
    {
      call: 'POST /messages/{message_id}/release',
      what: '`{id, status: clean, released_at}`',
      verdict: 'works',
      check: async () => {
        const { agent, reviewer } = world();
        const { id } = await withheldMail();
        const released = await reviewer.post(`/messages/${id}/release`);
        expect(released).toMatchObject({ status: 200, body: { id, status: 'clean', released_at: expect.any(String) } });
        expect(String((await agent.get(`/messages/${id}`)).body['body'])).toContain('EICAR');
      },
    },
    {
      call: 'POST /inboxes/{slug}/messages/{message_id}/release',
      what: 'the same: its documents have both paths',
      verdict: 'works',
      check: async () => {
        const { reviewer, open } = world();
        const { id, inbox_id } = await withheldMail();
        const elsewhere = await reviewer.post(`/inboxes/${open['slug']}/messages/${id}/release`);
        expect(codeOf(elsewhere)).toEqual([404, 'not_found']);
        const released = await reviewer.post(`/inboxes/${inbox_id}/messages/${id}/release`);
        expect(released).toMatchObject({ status: 200, body: { id, status: 'clean' } });
      },
    },
    {
      call: 'POST /messages/{message_id}/release with an agent’s key',
      what: 'any key may',
      verdict: 'differs',
      because:
        'who reads mail does not decide that it is harmless: 403 `forbidden` without the scope `approvals:write`',
      check: async () => {
        const { agent, malware } = world();
        expect(codeOf(await agent.post(`/messages/${malware['id']}/release`))).toEqual([403, 'forbidden']);
      },
    },
    {
      call: 'POST /messages/{message_id}/release of what is not withheld',
      what: '422 `validation_error`',
      verdict: 'works',
      check: async () => {
        const { reviewer, clean } = world();
        expect(codeOf(await reviewer.post(`/messages/${clean['id']}/release`))).toEqual([422, 'validation_error']);
      },
    },
    {
      call: 'POST /messages/{message_id}/release of mail that goes out',
      what: 'sends it',
      verdict: 'differs',
      because: 'held mail is approved, so that the decision is on record: 422 `validation_error`',
      check: async () => {
        const { reviewer, held } = world();
        expect(codeOf(await reviewer.post(`/messages/${held['id']}/release`))).toEqual([422, 'validation_error']);
      },
    },
  ];
};
