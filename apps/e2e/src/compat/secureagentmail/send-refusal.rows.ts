import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { codeOf, expectRefused } from './replies.js';
import { address, inboxOf, sendFrom, type World } from './world.js';

const SEND = 'POST /inboxes/{slug}/messages';

export const sendRefusalRows = (world: () => World): ConformanceRow[] => {
  const send = (inbox: Json, body: object = {}, client = world().agent) => sendFrom(client, inbox, body);
  return [
    {
      call: `${SEND} with cc, bcc, html, attachments, …`,
      what: 'its documents have `to`, `subject` and `body` only',
      verdict: 'not offered',
      because: 'nothing is silently dropped: a field without a meaning is 422 `validation_error` that names it',
      check: async () => {
        for (const field of ['cc', 'bcc', 'html', 'attachments', 'reply_to']) {
          const reply = await send(world().open, { [field]: [] });
          expect(codeOf(reply)).toEqual([422, 'validation_error']);
          expect(String(reply.body['error']?.['message'])).toContain(`${field}: `);
        }
      },
    },
    {
      call: SEND,
      what: '403 `level_insufficient` below `guarded_send`',
      verdict: 'works',
      check: async () => {
        const low = await Promise.all([1, 2].map((security_level) => inboxOf(world().agent, { security_level })));
        const replies = await Promise.all(low.map((inbox) => send(inbox)));
        expectRefused(replies, 403, 'level_insufficient');
      },
    },
    {
      call: SEND,
      what: '402 `credits_exhausted`',
      verdict: 'works',
      check: async () => {
        const poor = await world().stranger({ credits_per_month: 1 });
        const inbox = await inboxOf(poor);
        expect((await send(inbox, {}, poor)).status).toBe(201);
        const refused = await send(inbox, {}, poor);
        expect(codeOf(refused)).toEqual([402, 'credits_exhausted']);
        expect(refused.headers.get('x-credits-remaining')).toBe('0');
      },
    },
    {
      call: SEND,
      what: '422 `validation_error` for a missing or bad field',
      verdict: 'works',
      check: async () => {
        const { open } = world();
        const bad = [{ to: undefined }, { to: 'nobody' }, { body: undefined }, { subject: 7 }];
        const replies = await Promise.all(bad.map((body) => send(open, body)));
        expectRefused(replies, 422, 'validation_error');
      },
    },
    {
      call: `${SEND} to somebody who is suppressed`,
      what: 'its documents know no suppression',
      verdict: 'differs',
      because: 'refused before it harms: 422 `validation_error` with `details.recipients[] {address, reason}`',
      check: async () => {
        const { tenant, open } = world();
        const to = address('suppressed');
        await tenant.admin.post('/v1/suppressions', { address: to });
        const refused = await waitFor(async () => {
          const reply = await send(open, { to });
          return reply.status === 422 ? reply : null;
        }, 'the address to be refused');
        const details = { recipients: [{ address: to, reason: 'suppressed_manual' }] };
        expect(refused.body['error']).toMatchObject({ code: 'validation_error', status: 422, details });
      },
    },
  ];
};
