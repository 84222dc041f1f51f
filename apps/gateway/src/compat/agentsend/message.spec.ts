import { describe, expect, it } from '@jest/globals';
import { DeliveryStatus } from '@postern/contracts';
import type { MessageJson } from '../get-message.js';
import { oursOf, shownMessage, statusOf, STATUSES } from './message.js';

describe('the status of a message', () => {
  it.each([
    ['scheduled', 'queued'],
    ['held', 'queued'],
    ['queued', 'queued'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delayed', 'sent'],
    ['delivered', 'delivered'],
    ['bounced', 'bounced'],
    ['complained', 'complained'],
    ['rejected', 'failed'],
    ['failed', 'failed'],
    ['cancelled', 'failed'],
    ['received', 'received'],
  ] as const)('%s is %s', (ours, theirs) => {
    expect(statusOf(ours)).toBe(theirs);
  });

  it('is found by exactly one filter, whatever it is', () => {
    const found = STATUSES.flatMap((status) => oursOf(status));
    expect(found.toSorted()).toEqual(DeliveryStatus.options.toSorted());
    for (const status of STATUSES) for (const ours of oursOf(status)) expect(statusOf(ours)).toBe(status);
  });
});

describe('a message', () => {
  const message = {
    id: 'msg_1',
    inbox_id: 'inb_1',
    thread_id: 'thr_1',
    direction: 'inbound',
    from: { address: 'ann@example.com', name: 'Ann' },
    to: [{ address: 'support@example.org', name: null }],
    cc: [],
    bcc: [],
    subject: null,
    text: null,
    html: null,
    delivery: 'email',
    delivery_status: 'received',
    attachments: [
      {
        id: 'att_1',
        filename: 'a.txt',
        content_type: 'text/plain',
        size: 3,
        disposition: 'attachment',
        content_id: null,
      },
    ],
    message_id_header: '<1@example.com>',
    created_at: '2026-11-21T10:00:00.000Z',
  } as unknown as MessageJson;

  it('has its fields in camel case, and addresses without names', () => {
    expect(shownMessage(message)).toEqual({
      id: 'msg_1',
      inboxId: 'inb_1',
      threadId: 'thr_1',
      direction: 'inbound',
      fromAddress: 'ann@example.com',
      toAddresses: ['support@example.org'],
      ccAddresses: [],
      subject: null,
      bodyText: null,
      bodyHtml: null,
      delivery: 'email',
      status: 'received',
      attachments: [{ id: 'att_1', filename: 'a.txt', contentType: 'text/plain', size: 3 }],
      messageIdHeader: '<1@example.com>',
      createdAt: '2026-11-21T10:00:00.000Z',
    });
  });

  it('of a test key is a dry run', () => {
    expect(shownMessage({ ...message, delivery: 'dry_run' }).delivery).toBe('dry-run');
  });
});
