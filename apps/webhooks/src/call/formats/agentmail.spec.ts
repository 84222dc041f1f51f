import { expect, test } from '@jest/globals';
import { newId, type PublicEvent } from '@postern/contracts';
import {
  about,
  AT,
  attachment,
  content,
  eventOf,
  inbound,
  outbound,
  received,
  recipient,
} from '../../../test/told-events.js';
import { newSecret } from '../signature.js';
import type { HookCall } from './format.js';
import { hookRequest } from './hook-request.js';

const ADDRESS = 'sales@example.com';

const callOf = (event: PublicEvent): HookCall => ({
  event,
  inboxAddress: ADDRESS,
  webhookId: newId('whk'),
  secrets: [newSecret()],
  timestamp: Math.floor(Date.now() / 1000),
});
const bodyOf = (event: PublicEvent): unknown => JSON.parse(hookRequest('agentmail', callOf(event)).body);

test('has the headers of Svix, which are those of Standard Webhooks', () => {
  const { headers } = hookRequest('agentmail', callOf(received));
  for (const name of ['id', 'timestamp', 'signature']) expect(headers[`svix-${name}`]).toBe(headers[`webhook-${name}`]);
});

test('has message and thread of what is received', () => {
  expect(bodyOf(received)).toMatchObject({
    type: 'event',
    event_type: 'message.received',
    event_id: received.id,
    message: {
      inbox_id: ADDRESS,
      thread_id: inbound.thread_id,
      message_id: inbound.id,
      from: String.raw`"Ann \"A\", x" <ann@example.com>`,
      text: content.text,
      extracted_text: 'Yes.\n',
      attachments: [
        { attachment_id: attachment.id, content_type: 'application/pdf', content_disposition: 'attachment' },
      ],
      size: 20,
      timestamp: AT,
    },
    thread: {
      inbox_id: ADDRESS,
      thread_id: inbound.thread_id,
      last_message_id: inbound.id,
      senders: [expect.any(String)],
    },
  });
});

const where = { inbox_id: ADDRESS, thread_id: outbound.thread_id, message_id: outbound.id, timestamp: AT };
test.each([
  [
    'message.bounced',
    'bounce',
    { type: 'Permanent', sub_type: 'NoEmail', recipients: [{ address: 'ann@example.com', status: 'bounced' }] },
  ],
  ['message.complained', 'complaint', { recipients: ['ann@example.com'] }],
  ['message.delivered', 'delivery', { recipients: ['ann@example.com'] }],
  ['message.sent', 'send', { recipients: ['ann@example.com'] }],
  ['message.rejected', 'reject', { reason: 'NoEmail' }],
])('tells of %s in %j', (type, part, expected) => {
  const event = about(type, outbound, { recipient });
  expect(bodyOf(event)).toMatchObject({ event_type: type, [part]: { ...where, ...expected } });
});

test('an inbox whose address is gone has our id', () => {
  const { body } = hookRequest('agentmail', { ...callOf(received), inboxAddress: null });
  expect(JSON.parse(body)).toMatchObject({ message: { inbox_id: inbound.inbox_id } });
});

test('those to whom nothing was sent are no recipients of a send', () => {
  const skipped = { ...recipient, address: 'bob@example.com', status: 'suppressed' as const };
  const event = about('message.sent', { ...outbound, recipients: [recipient, skipped] });
  expect(bodyOf(event)).toMatchObject({ send: { recipients: ['ann@example.com'] } });
});

test('a withheld mail is a blocked one; a verified domain has its records', () => {
  expect(bodyOf(about('message.withheld', inbound))).toMatchObject({
    event_type: 'message.received.blocked',
    message: { message_id: inbound.id },
  });
  const domain = {
    id: newId('dom'),
    name: 'example.com',
    sending_status: 'verified',
    receiving_status: 'pending',
    records: [{ type: 'MX', name: 'example.com', value: '10 mx', purpose: 'receiving', status: 'missing' }],
    created_at: AT,
  };
  expect(bodyOf(eventOf('domain.verified', domain))).toMatchObject({
    domain: { domain: 'example.com', status: 'VERIFIED', records: [{ type: 'MX', status: 'MISSING' }] },
  });
});
