import { expect, test } from '@jest/globals';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { newSecret, signatureHeader } from './signature.js';

const body = JSON.stringify({ type: 'message.sent', text: 'Grüße, 世界' });
const id = 'evt_01k9x5e8w2f7h8j9k0m1n2p3q4';
const timestamp = Math.floor(Date.now() / 1000);
const headersFor = (secrets: string[]) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signatureHeader(secrets, { id, timestamp, body }),
});

test('the reference library verifies it', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(new Webhook(secret).verify(body, headersFor([secret]))).toEqual(JSON.parse(body));
});

test('while secrets overlap, each of them verifies, and no other', () => {
  const [old, fresh, foreign] = [newSecret(), newSecret(), newSecret()];
  const headers = headersFor([old, fresh]);
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  for (const secret of [old, fresh]) expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
  expect(() => new Webhook(foreign).verify(body, headers)).toThrow(WebhookVerificationError);
});
