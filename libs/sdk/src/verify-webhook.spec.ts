import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { PayloadError, SignatureError } from './errors.js';
import type { EventOf, PosternEvent } from './generated/events.js';
import { isComplete } from './is-complete.js';
import { verifyWebhook } from './verify-webhook.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const event: EventOf<'webhook.disabled'> = {
  id: 'evt_01k9x5e8w2f7h8j9k0m1n2p3q4',
  type: 'webhook.disabled',
  sequence: 7,
  timestamp: '2026-11-21T13:25:59.123Z',
  organization_id: 'org_01k9x5e8w2f7h8j9k0m1n2p3q4',
  mode: 'live',
  data: { webhook_id: 'whk_01k9x5e8w2f7h8j9k0m1n2p3q4', url: 'https://example.com/', reason: 'gone' },
};

/** As Postern sends it. */
function signed(body: string, id: string = event.id) {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(id, at, body),
  };
}

/** Compiles only while the union is discriminated by `type`. */
function summaryOf(told: PosternEvent): string {
  switch (told.type) {
    case 'webhook.disabled':
      return told.data.reason;
    case 'message.bounced':
      return isComplete(told.data) ? told.data.recipient.address : told.data.id;
    case 'message.received':
      return isComplete(told.data) ? (told.data.text ?? '') : told.data.id;
    default:
      return told.type;
  }
}

test('the event is returned, typed by its type', () => {
  const body = JSON.stringify(event);
  const verified = verifyWebhook(body, signed(body), SECRET);
  expect(verified).toEqual(event);
  expect(summaryOf(verified)).toBe('gone');
  expect(verifyWebhook(Buffer.from(body), signed(body), ['whsec_AAAA', SECRET])).toEqual(event);
});

test('a type of a newer version passes', () => {
  const body = JSON.stringify({ ...event, type: 'message.teleported' });
  expect(summaryOf(verifyWebhook(body, signed(body), SECRET))).toBe('message.teleported');
});

test('nothing is parsed before it is verified', () => {
  expect(() => verifyWebhook('{', signed('{}'), SECRET)).toThrow(SignatureError);
});

test.each(['', '{', 'null', '[]', '{}', '{"id":"evt_1","type":"a","sequence":1}', '"evt"'])(
  '%j is signed but no event',
  (body) => expect(() => verifyWebhook(body, signed(body), SECRET)).toThrow(PayloadError),
);

test('an event under the id of another is none', () => {
  const body = JSON.stringify(event);
  expect(() => verifyWebhook(body, signed(body, 'evt_other'), SECRET)).toThrow(PayloadError);
});

describe('data is complete', () => {
  test('unless its message was deleted or it was too large', () => {
    expect(isComplete({ id: 'msg_1', deleted: true })).toBe(false);
    expect(isComplete({ id: 'msg_1', url: '/v1/messages/msg_1', truncated: true })).toBe(false);
  });

  test('also without the content of a long mail', () => {
    expect(isComplete({ id: 'msg_1', created_at: event.timestamp, text: null, truncated: true })).toBe(true);
    expect(isComplete(event.data)).toBe(true);
  });
});
