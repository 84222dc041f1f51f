import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { address, inboxOf, sendFrom, type World } from './world.js';
import { LEAK } from '../../harness/bait.js';

const HOUR_MS = 3_600_000;
const SEND = 'POST /inboxes/{slug}/messages';

export const sendRows = (world: () => World): ConformanceRow[] => {
  const send = (inbox: Json, body: object = {}, client = world().agent) => sendFrom(client, inbox, body);
  return [
    {
      call: SEND,
      what: 'at `guarded_send`: scanned, and 201 with `security_analysis` when clean; sent immediately',
      verdict: 'works',
      check: async () => {
        const { open, postern } = world();
        const to = address('clean');
        const { status, body } = await send(open, { to, subject: 'Re: Order', body: 'It left today.' });
        expect(status).toBe(201);
        expect(body).toEqual({
          id: expect.stringMatching(/^msg_/),
          inbox_id: open['id'],
          thread_id: expect.stringMatching(/^thr_/),
          direction: 'outbound',
          from: expect.stringContaining(String(open['address'])),
          to,
          subject: 'Re: Order',
          body: 'It left today.',
          body_sanitized: 'It left today.',
          status: 'clean',
          security_analysis: { risk_score: 0, summary: expect.any(String), detections: [], triggered_policy: null },
          has_attachments: false,
          created_at: expect.any(String),
        });
        await waitFor(async () => (await postern.sandbox.count({ to })) === 1, 'the mail to be sent');
      },
    },
    {
      call: 'POST /inboxes/{slug}/send',
      what: 'the same: its documents have both paths',
      verdict: 'works',
      check: async () => {
        const { agent, open } = world();
        const sent = await agent.post(`/inboxes/${open['slug']}/send`, { to: address('to'), subject: 'x', body: 'x' });
        expect(sent).toMatchObject({ status: 201, body: { inbox_id: open['id'], status: 'clean' } });
      },
    },
    {
      call: SEND,
      what: 'at `full_lockdown`: 202, `withheld`, with `approval` `{id, status: pending, expires_at}` 24 h later',
      verdict: 'works',
      check: async () => {
        const { status, body } = await send(world().locked);
        expect([status, body['status']]).toEqual([202, 'withheld']);
        const { approval, created_at } = body;
        expect(approval).toEqual({
          id: expect.stringMatching(/^apr_/),
          status: 'pending',
          expires_at: expect.any(String),
        });
        const hours = (Date.parse(String(approval?.['expires_at'])) - Date.parse(String(created_at))) / HOUR_MS;
        expect(Math.round(hours)).toBe(24);
      },
    },
    {
      call: `${SEND} … approval.expires_at`,
      what: 'whatever the key may do',
      verdict: 'differs',
      because: 'null for a key without the scope `approvals:read`',
      check: async () => {
        const { locked, client } = world();
        const { status, body } = await send(locked, {}, await client(['messages:send']));
        expect([status, body['approval']?.['status'], body['approval']?.['expires_at']]).toEqual([
          202,
          'pending',
          null,
        ]);
      },
    },
    {
      call: `${SEND} … not clean`,
      what: 'its documents do not say what `guarded_send` does then',
      verdict: 'differs',
      because: 'it waits for a person, as at `full_lockdown`: 202 with `approval`, and nothing is sent',
      check: async () => {
        const { status, body } = await send(world().open, { body: LEAK });
        expect([status, body['status'], body['approval']?.['status']]).toEqual([202, 'withheld', 'pending']);
        expect(body['security_analysis']?.['detections'][0]).toEqual({
          method: expect.any(String),
          result: expect.any(String),
          detail: expect.any(String),
          confidence: expect.any(Number),
        });
      },
    },
    {
      call: `${SEND} … against a policy`,
      what: 'is rejected',
      verdict: 'differs',
      because:
        'the call does not fail for it: 202 `withheld` without an approval, the policy in `security_analysis.triggered_policy`; never sent',
      check: async () => {
        const { agent } = world();
        const inbox = await inboxOf(world().agent);
        const config = { domains: ['allowed.example'] };
        const rule = { name: 'Approved only', type: 'domain_allowlist', config, inbox_id: inbox['id'] };
        const policy = (await agent.post('/policies', rule)).body;
        const { status, body } = await send(inbox);
        expect([status, body['status'], body['approval']]).toEqual([202, 'withheld', null]);
        expect(body['security_analysis']?.['triggered_policy']).toBe(policy['id']);
      },
    },
    {
      call: `${SEND} with Idempotency-Key`,
      what: 'its documents have none',
      verdict: 'differs',
      because: 'safer: a repeated call with the same header is answered with the same message, and sent once',
      check: async () => {
        const { agent, open } = world();
        const body = { to: address('once'), subject: 'x', body: 'x' };
        const idempotencyKey = unique('key');
        const path = `/inboxes/${open['slug']}/messages`;
        const replies = [
          await agent.post(path, body, { idempotencyKey }),
          await agent.post(path, body, { idempotencyKey }),
        ];
        expect(replies.map(({ status }) => status)).toEqual([201, 201]);
        expect(replies[1]?.body['id']).toBe(replies[0]?.body['id']);
        expect(replies[1]?.headers.get('idempotent-replay')).toBe('true');
      },
    },
  ];
};
