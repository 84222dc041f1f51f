import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { newId, type PublicEvent, WebhookFormat } from '@postern/contracts';
import { Webhook as Verifier } from 'standardwebhooks';
import {
  about,
  AT,
  attachment,
  bounced,
  content,
  eventOf,
  inbound,
  outbound,
  received,
} from '../../../test/told-events.js';
import { newSecret } from '../signature.js';
import type { HookRequest } from './format.js';
import { hookRequest } from './hook-request.js';

const secrets = [newSecret(), newSecret()];
const webhookId = newId('whk');
const timestamp = Math.floor(Date.now() / 1000);
const made = (format: WebhookFormat, event: PublicEvent): HookRequest =>
  hookRequest(format, { event, inboxAddress: null, webhookId, secrets, timestamp });
const bodyOf = (format: WebhookFormat, event: PublicEvent): unknown => JSON.parse(made(format, event).body);
/** As a receiver checks it that was given the secret as text. */
const hex = (signed: string): string =>
  createHmac('sha256', secrets[0] ?? '')
    .update(signed)
    .digest('hex');

describe.each(WebhookFormat.options)('%s', (format) => {
  test('is verified by the Standard Webhooks library with each active secret', () => {
    const { body, headers } = made(format, received);
    for (const secret of secrets) expect(new Verifier(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
    expect(headers['webhook-id']).toBe(received.id);
  });

  test.each([
    ['a deleted message', eventOf('message.bounced', { id: outbound.id, deleted: true })],
    ['a test', eventOf('webhook.test', { webhook_id: webhookId })],
    ['an inbox', eventOf('inbox.paused', { id: newId('inb'), slug: 'sales' })],
  ])('tells of %s what there is', (_, event) => {
    expect(made(format, event).body).toContain(JSON.stringify(event.data));
  });
});

test('the standard body is the event', () => expect(bodyOf('standard', received)).toEqual(received));

describe('SecureAgentMail', () => {
  test('signs timestamp and body', () => {
    const { body, headers } = made('secureagentmail', received);
    expect(headers['x-sam-timestamp']).toBe(String(timestamp));
    expect(headers['x-sam-signature']).toBe(`sha256=${hex(`${timestamp}.${body}`)}`);
  });

  test('has its own message', () => {
    expect(bodyOf('secureagentmail', received)).toEqual({
      event: 'message.received',
      timestamp: AT,
      data: {
        id: inbound.id,
        inbox_id: inbound.inbox_id,
        thread_id: inbound.thread_id,
        direction: 'inbound',
        from: String.raw`"Ann \"A\", x" <ann@example.com>`,
        to: 'agent@postern.test, Bob <bob@example.com>',
        subject: 'Hello',
        body: content.text,
        body_sanitized: content.text,
        status: 'clean',
        security_analysis: inbound.security,
        has_attachments: true,
        created_at: AT,
      },
    });
  });

  test.each([
    ['message.withheld', { ...inbound, security_status: 'blocked' as const }],
    ['message.queued', { ...outbound, security_status: 'flagged' as const, delivery_status: 'held' as const }],
  ])('calls withheld what nobody may read, as in %s', (type, message) => {
    expect(bodyOf('secureagentmail', about(type, message))).toMatchObject({ data: { status: 'withheld', body: null } });
  });
});

test('AgentSend: three headers, a signature over the body, a message in camel case', () => {
  const { body, headers } = made('agentsend', received);
  expect(headers).toMatchObject({
    'x-agentsend-event': 'message.received',
    'x-agentsend-signature': hex(body),
    'x-agentsend-webhook-id': webhookId,
  });
  expect(JSON.parse(body)).toEqual({
    event: 'message.received',
    timestamp: Date.parse(AT),
    data: {
      id: inbound.id,
      inboxId: inbound.inbox_id,
      threadId: inbound.thread_id,
      direction: 'inbound',
      fromAddress: 'ann@example.com',
      toAddresses: ['agent@postern.test', 'bob@example.com'],
      ccAddresses: [],
      subject: 'Hello',
      bodyText: content.text,
      bodyHtml: null,
      delivery: 'email',
      status: 'received',
      attachments: [{ id: attachment.id, filename: 'a.pdf', contentType: 'application/pdf', size: 10 }],
      messageIdHeader: '<1@example.com>',
      createdAt: AT,
    },
  });
  expect(bodyOf('agentsend', bounced)).toMatchObject({ data: { status: 'bounced', recipient: 'ann@example.com' } });
});

test('Sentvia: two headers, a signature over the body, inbox and thread beside the message', () => {
  const { body, headers } = made('sentvia', received);
  expect(headers).toMatchObject({
    'x-sentvia-event': 'message.received',
    'x-sentvia-signature': `sha256=${hex(body)}`,
  });
  expect(JSON.parse(body)).toMatchObject({
    event: 'message.received',
    inbox_id: inbound.inbox_id,
    thread_id: inbound.thread_id,
    message: {
      id: inbound.id,
      from: 'ann@example.com',
      to_addrs: ['agent@postern.test', 'bob@example.com'],
      text: content.text,
      body_text: content.text,
      attachments: [{ id: attachment.id, filename: 'a.pdf', size_bytes: 10 }],
      message_id: '<1@example.com>',
      ses_message_id: 'ses-1',
    },
  });
  expect(bodyOf('sentvia', bounced)).toMatchObject({ event: 'message.bounced', recipient: 'ann@example.com' });
});

test('Sendook: inbox and message beside the payload', () => {
  expect(bodyOf('sendook', bounced)).toMatchObject({
    event: 'message.bounced',
    inboxId: outbound.inbox_id,
    messageId: outbound.id,
    payload: {
      id: outbound.id,
      fromInboxId: outbound.inbox_id,
      from: 'agent@postern.test',
      to: ['ann@example.com'],
      status: 'bounced',
    },
  });
  const inbox = eventOf('inbox.created', { id: newId('inb'), slug: 'sales' });
  expect(bodyOf('sendook', inbox)).toEqual({ event: 'inbox.created', inboxId: inbox.data['id'], payload: inbox.data });
});

test.each(['secureagentmail', 'agentsend', 'sentvia', 'sendook'] as const)(
  'what a person releases is received by %s',
  (format) => {
    expect(bodyOf(format, about('message.released', inbound, content))).toMatchObject({ event: 'message.received' });
  },
);
