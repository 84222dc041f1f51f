import { describe, expect, test } from '@jest/globals';
import type { Fact, MessageReceivedV1, MessageStatusChangedV1, ReceivedBody } from '@postern/contracts';
import { type LoggedFact, publicEvent } from './public-events.js';

const frame = {
  id: 'evt_01k9x5e8w2f7h8j9k0m1n2p3q4',
  occurredAt: '2026-11-21T13:25:59.123Z',
  organizationId: 'org_01k9x5e8w2f7h8j9k0m1n2p3q4',
  mode: 'live',
  correlationId: 'req_1',
  causationId: null,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const message = { id: 'msg_1', inbox_id: 'inb_1', subject: 'Hello' };
const body: ReceivedBody = {
  text: 'Hi',
  html: '<p>Hi</p>',
  truncated: false,
  text_parts: [{ kind: 'new', text: 'Hi' }],
};

/** Facts were checked against their contracts when they were read; here only what the mapping looks at. */
const fact = (type: LoggedFact['type'], data: object): LoggedFact =>
  ({ ...frame, type, data }) as unknown as LoggedFact;
const statusChanged = (data: Partial<Fact<typeof MessageStatusChangedV1>['data']>): LoggedFact =>
  fact('messaging.message.status_changed.v1', { message, version: 2, announce: null, recipient: null, ...data });
const received = (announce: Fact<typeof MessageReceivedV1>['data']['announce']): LoggedFact =>
  fact('messaging.message.received.v1', { message, version: 1, announce, body: null });

test('an accepted message is announced as queued, under the id of the fact', () => {
  expect(publicEvent(fact('messaging.message.accepted.v1', { message }), null)).toEqual({
    organizationId: frame.organizationId,
    mode: 'live',
    id: frame.id,
    type: 'message.queued',
    inboxId: 'inb_1',
    messageId: 'msg_1',
    data: { ...message, url: '/v1/messages/msg_1' },
    occurredAt: frame.occurredAt,
    correlationId: 'req_1',
    traceparent: frame.traceparent,
  });
});

describe('a change of status', () => {
  test('that is not announced makes no event', () => {
    expect(publicEvent(statusChanged({}), null)).toBeNull();
  });

  test('names the recipient when it is about one', () => {
    const recipient = { address: 'ann@example.com', status: 'bounced' };
    const event = publicEvent(statusChanged({ announce: 'message.bounced', recipient: recipient as never }), null);
    expect(event).toMatchObject({ type: 'message.bounced', data: { id: 'msg_1', recipient } });
    expect(publicEvent(statusChanged({ announce: 'message.sent' }), null)?.data).not.toHaveProperty('recipient');
  });
});

describe('a received message', () => {
  test.each(['message.received', 'message.released'] as const)('%s carries its content', (type) => {
    expect(publicEvent(received(type), body)?.data).toEqual({
      ...message,
      url: '/v1/messages/msg_1',
      text: 'Hi',
      text_parts: body.text_parts,
      html: '<p>Hi</p>',
    });
  });

  test('says when its content was cut', () => {
    expect(publicEvent(received('message.received'), { ...body, truncated: true })?.data).toMatchObject({
      truncated: true,
    });
  });

  test.each(['message.withheld', 'message.flagged'] as const)('%s carries none, even if it is given', (type) => {
    const data = publicEvent(received(type), body)?.data;
    expect(data).not.toHaveProperty('text');
    expect(data).not.toHaveProperty('html');
  });
});

describe('an approval', () => {
  const approval = { id: 'apr_1', message_id: 'msg_1', inbox_id: 'inb_1', status: 'pending' };

  test('is requested with each version that waits, and belongs to its message', () => {
    expect(publicEvent(fact('scan.outbound.held.v1', { approval }), null)).toMatchObject({
      type: 'approval.requested',
      data: approval,
      inboxId: 'inb_1',
      messageId: 'msg_1',
    });
  });

  test.each(['approved', 'rejected', 'expired'] as const)('is told to be %s', (outcome) => {
    const resolved = fact('scan.approval.resolved.v1', { outcome, approval });
    expect(publicEvent(resolved, null)).toMatchObject({ type: `approval.${outcome}`, data: approval });
  });

  test('that was cancelled is told of its message, and one of an older version not at all', () => {
    expect(publicEvent(fact('scan.approval.resolved.v1', { outcome: 'cancelled', approval }), null)).toBeNull();
    expect(publicEvent(fact('scan.approval.resolved.v1', { outcome: 'approved' }), null)).toBeNull();
    expect(publicEvent(fact('scan.outbound.held.v1', {}), null)).toBeNull();
  });
});

test.each([
  [
    'messaging.inbox.changed.v1',
    { change: 'paused', inbox: { id: 'inb_1' } },
    'inbox.paused',
    { id: 'inb_1' },
    'inb_1',
  ],
  [
    'messaging.thread.loop_detected.v1',
    { loop: { thread_id: 'thr_1', inbox_id: 'inb_1', limit: 20 } },
    'thread.loop_detected',
    { thread_id: 'thr_1', inbox_id: 'inb_1', limit: 20, url: '/v1/threads/thr_1' },
    'inb_1',
  ],
  ['delivery.suppression.added.v1', { suppression: { id: 'sup_1' } }, 'suppression.added', { id: 'sup_1' }, null],
  ['delivery.suppression.removed.v1', { suppression: { id: 'sup_1' } }, 'suppression.removed', { id: 'sup_1' }, null],
  [
    'webhooks.endpoint.disabled.v1',
    { webhookId: 'whk_1', url: 'https://example.com/', reason: 'gone' },
    'webhook.disabled',
    { webhook_id: 'whk_1', url: 'https://example.com/', reason: 'gone' },
    null,
  ],
] as const)('%s', (type, data, publicType, publicData, inboxId) => {
  expect(publicEvent(fact(type, data), null)).toMatchObject({
    type: publicType,
    data: publicData,
    inboxId,
    messageId: null,
  });
});
