import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { delivered, errorOf, here, idsOf, send } from './setting.js';

const EVENTS = ['message.received', 'message.delivered', 'message.bounced', 'message.complained', 'message.rejected'];
const called = (event: string, about: Json) =>
  waitFor(
    () =>
      here().receiver.received.find(
        ({ raw, headers }) => headers['x-sentvia-event'] === event && raw.includes(String(about['id'])),
      ),
    `a call about ${event}`,
  );

export const hookRows: readonly ConformanceRow[] = [
  {
    call: 'POST /webhooks',
    what: '{url, events}: 201 with the secret, shown once',
    verdict: 'works',
    check: async () => {
      const { hook, sentvia } = here();
      expect(hook).toMatchObject({ events: EVENTS.slice(0, 2), secret: expect.stringMatching(/^whsec_/) });
      const shown = [...(await sentvia.get('/webhooks')).body].find(({ id }) => id === hook['id']);
      expect([shown?.['url'], shown?.['secret']]).toEqual([hook['url'], undefined]);
    },
  },
  {
    call: 'POST /webhooks … without events',
    what: 'all of them',
    verdict: 'works',
    check: async () => {
      const { sentvia } = here();
      const { body } = await sentvia.post('/webhooks', { url: 'https://example.com/hook' });
      expect(body['events']).toEqual(EVENTS);
      expect((await sentvia.delete(`/webhooks/${body['id']}`)).status).toBe(204);
    },
  },
  {
    call: 'POST /webhooks … other events',
    what: 'five are documented',
    verdict: 'differs',
    because: 'others are refused here, so that nobody waits in vain; POST /v1/webhooks has all of Postern',
    check: async () => {
      const reply = await here().sentvia.post('/webhooks', {
        url: 'https://example.com/hook',
        events: ['message.read'],
      });
      expect(errorOf(reply)).toEqual([400, 'bad_request']);
    },
  },
  {
    call: 'GET /webhooks, DELETE /webhooks/{id}',
    what: 'lists and removes them',
    verdict: 'works',
    check: async () => {
      const { sentvia, stranger, hook } = here();
      const { body: other } = await sentvia.post('/webhooks', { url: 'https://example.com/other' });
      expect(idsOf((await sentvia.get('/webhooks')).body)).toEqual([String(other['id']), String(hook['id'])]);
      expect((await stranger.sentvia.delete(`/webhooks/${other['id']}`)).status).toBe(404);
      expect((await sentvia.delete(`/webhooks/${other['id']}`)).status).toBe(204);
      expect(idsOf((await sentvia.get('/webhooks')).body)).toEqual([String(hook['id'])]);
    },
  },
  {
    call: 'x-sentvia-event, x-sentvia-signature',
    what: 'sha256= and the HMAC of the raw body with the secret',
    verdict: 'works',
    check: async () => {
      const { raw, headers } = await called('message.received', here().mail);
      const hmac = createHmac('sha256', String(here().hook['secret'])).update(raw).digest('hex');
      expect(headers['x-sentvia-signature']).toBe(`sha256=${hmac}`);
    },
  },
  {
    call: 'x-sentvia-signature … replays',
    what: 'no timestamp is signed',
    verdict: 'differs',
    because: 'the headers of Standard Webhooks come besides: webhook-id, webhook-timestamp and a signature over both',
    check: async () => {
      const { headers } = await called('message.received', here().mail);
      expect([headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']]).toEqual([
        expect.stringMatching(/^evt_/),
        expect.stringMatching(/^\d+$/),
        expect.stringMatching(/^v1,/),
      ]);
    },
  },
  {
    call: 'the body of a call',
    what: '{event, inbox_id, thread_id, message: {id, from, subject, text, attachments}}',
    verdict: 'works',
    check: async () => {
      const { mail } = here();
      const { event } = await called('message.received', mail);
      expect(event).toMatchObject({
        event: 'message.received',
        inbox_id: mail['inbox_id'],
        thread_id: mail['thread_id'],
        message: {
          id: mail['id'],
          from: mail['from']?.['address'],
          subject: mail['subject'],
          text: mail['text'],
          body_text: mail['text'],
          attachments: expect.any(Array),
        },
      });
    },
  },
  {
    call: 'message.delivered',
    what: 'when the server of the recipient took the message',
    verdict: 'works',
    check: async () => {
      await called('message.delivered', await delivered((await send({ subject: unique('Told') })).body));
    },
  },
  {
    call: 'message.received … of dangerous mail',
    what: 'not said: nothing is scanned',
    verdict: 'differs',
    because: 'when a person has released it',
    check: async () => {
      const { withheld, v1, receiver } = here();
      expect(receiver.received.filter(({ raw }) => raw.includes(String(withheld['id'])))).toEqual([]);
      expect((await v1.post(`/v1/messages/${withheld['id']}/release`)).status).toBe(200);
      await called('message.received', withheld);
    },
  },
  {
    call: 'webhooks are retried',
    what: 'until a 2xx',
    verdict: 'works',
    check: async () => {
      const { received } = here().receiver;
      // The first call of all was answered 500.
      const [first] = received;
      await waitFor(
        () => received.filter(({ headers }) => headers['webhook-id'] === first?.headers['webhook-id']).length === 2,
        'the second try',
      );
    },
  },
];
