import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { codeOf, expectRefused, listIn } from './replies.js';
import { address, type World } from './world.js';

export const approvalRows = (world: () => World): ConformanceRow[] => {
  /** The reply to a send that waits for a person. */
  const ask = async (to = address('held')): Promise<Json> => {
    const { agent, locked } = world();
    return (await agent.post(`/inboxes/${locked['slug']}/messages`, { to, subject: 'May I?', body: 'Please' })).body;
  };
  const at = (message: Json): string => `/approvals/${message['approval']?.['id']}`;
  return [
    {
      call: 'GET /approvals?status=&inbox_id=&limit=&cursor=',
      what: '`{approvals, has_more, next_cursor}` with `message_preview {to, subject, body_preview}`',
      verdict: 'works',
      check: async () => {
        const { reviewer, locked } = world();
        const to = address('held');
        const message = await ask(to);
        const path = `/approvals?inbox_id=${locked['id']}&status=pending&limit=1`;
        const { status, body } = await reviewer.get(path);
        expect([status, body['has_more']]).toEqual([200, true]);
        expect(listIn(body, 'approvals')[0]).toEqual({
          id: message['approval']?.['id'],
          inbox_id: locked['id'],
          message_id: message['id'],
          status: 'pending',
          message_preview: { to, subject: 'May I?', body_preview: 'Please' },
          expires_at: message['approval']?.['expires_at'],
          created_at: expect.any(String),
        });
        const next = (await reviewer.get(`${path}&cursor=${body['next_cursor']}`)).body;
        expect(listIn(next, 'approvals')[0]?.['id']).not.toBe(listIn(body, 'approvals')[0]?.['id']);
        for (const other of ['approved', 'rejected', 'expired']) {
          const list = (await reviewer.get(`/approvals?inbox_id=${locked['id']}&status=${other}&limit=100`)).body;
          expect(listIn(list, 'approvals').map(({ id }) => id)).not.toContain(message['approval']?.['id']);
        }
      },
    },
    {
      call: 'GET /approvals/{approval_id}',
      what: 'the approval',
      verdict: 'works',
      check: async () => {
        const { agent, held } = world();
        const shown = { id: held['approval']?.['id'], message_id: held['id'], status: 'pending' };
        expect(await agent.get(at(held))).toMatchObject({ status: 200, body: shown });
      },
    },
    {
      call: 'POST /approvals/{approval_id}/approve',
      what: '`{id, status: approved, reviewed_by, message_id, resolved_at}`; the message is sent',
      verdict: 'works',
      check: async () => {
        const { reviewer, postern } = world();
        const to = address('approved');
        const message = await ask(to);
        const { status, body } = await reviewer.post(`${at(message)}/approve`);
        expect(status).toBe(200);
        expect(body).toEqual({
          id: message['approval']?.['id'],
          status: 'approved',
          reviewed_by: expect.any(String),
          message_id: message['id'],
          resolved_at: expect.any(String),
        });
        await waitFor(async () => (await postern.sandbox.count({ to })) === 1, 'the mail to be sent');
      },
    },
    {
      call: 'POST /approvals/{approval_id}/approve … reviewed_by',
      what: 'the id of a user',
      verdict: 'differs',
      because: 'reviewers are keys here: the id of the key',
      check: async () => {
        const { body } = await world().reviewer.post(`${at(await ask())}/approve`);
        expect(String(body['reviewed_by'])).toMatch(/^key_/);
      },
    },
    {
      call: 'POST /approvals/{approval_id}/approve by who sent it',
      what: 'its documents do not say',
      verdict: 'differs',
      because:
        'nobody approves what they asked for: 403 `forbidden` for the key that sent, and without the scope `approvals:write`',
      check: async () => {
        const { agent, client, locked } = world();
        const both = await client(['messages:send', 'approvals:*']);
        const body = { to: address('own'), subject: 'x', body: 'x' };
        const message = (await both.post(`/inboxes/${locked['slug']}/messages`, body)).body;
        const replies = await Promise.all([both.post(`${at(message)}/approve`), agent.post(`${at(message)}/approve`)]);
        expectRefused(replies, 403, 'forbidden');
      },
    },
    {
      call: 'POST /approvals/{approval_id}/approve … what is approved',
      what: 'the message',
      verdict: 'differs',
      because:
        'an approval is of exact content: what waits when the call comes. `/v1` lets reviewers name what they read',
      check: async () => {
        const { reviewer, tenant } = world();
        const message = await ask();
        const own = `/v1${at(message)}`;
        const outdated = await tenant.admin.post(`${own}/approve`, { content_hash: '0'.repeat(64) });
        expect(codeOf(outdated)).toEqual([409, 'approval_outdated']);
        expect((await reviewer.post(`${at(message)}/approve`)).status).toBe(200);
        const { content_hash, decisions } = (await tenant.admin.get(own)).body;
        expect(decisions).toMatchObject([{ decision: 'approve', version: 1 }]);
        expect(String(content_hash)).toMatch(/^[0-9a-f]{64}$/);
      },
    },
    {
      call: 'POST /approvals/{approval_id}/reject {reason?}',
      what: 'the same with `reason`; the message is not sent',
      verdict: 'works',
      check: async () => {
        const { reviewer, agent } = world();
        const [told, untold] = [await ask(), await ask()];
        const reason = 'Holds a discount that nobody approved.';
        const rejected = await reviewer.post(`${at(told)}/reject`, { reason });
        expect(rejected).toMatchObject({ status: 200, body: { status: 'rejected', reason, message_id: told['id'] } });
        expect(rejected.body).toMatchObject({ reviewed_by: expect.any(String), resolved_at: expect.any(String) });
        expect(await reviewer.post(`${at(untold)}/reject`)).toMatchObject({ status: 200, body: { reason: null } });
        const messages = await Promise.all([told, untold].map(({ id }) => agent.get(`/messages/${id}`)));
        expect(messages.map(({ body }) => String(body['status']))).toEqual(['withheld', 'withheld']);
      },
    },
    {
      call: 'POST /approvals/{approval_id}/approve of what was decided',
      what: '422 `validation_error`',
      verdict: 'works',
      check: async () => {
        const { reviewer } = world();
        const message = await ask();
        await reviewer.post(`${at(message)}/reject`);
        expect(codeOf(await reviewer.post(`${at(message)}/approve`))).toEqual([422, 'validation_error']);
      },
    },
    {
      call: 'GET /approvals/{approval_id} … status',
      what: '`pending`, `approved`, `rejected`, `expired`',
      verdict: 'differs',
      because: 'what its sender cancels, through `/v1`, reads `rejected`: it is not sent either',
      check: async () => {
        const { reviewer, tenant } = world();
        const message = await ask();
        expect((await tenant.admin.post(`/v1/messages/${message['id']}/cancel`)).status).toBe(200);
        const shown = await waitFor(async () => {
          const { body } = await reviewer.get(at(message));
          return body['status'] === ('pending' as Json) ? null : body;
        }, 'the approval to end');
        expect(String(shown['status'])).toBe('rejected');
      },
    },
  ];
};
