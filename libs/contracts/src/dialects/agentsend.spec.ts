import { describe, expect, it } from '@jest/globals';
import { DeliveryStatus } from '../status.js';
import { AGENTSEND_STATUSES, agentSendMessage, agentSendStatus, toldAsAgentSend } from './agentsend.js';
import type { MessageToTell } from './message.js';

describe('the status of a message of AgentSend', () => {
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
    expect(agentSendStatus(ours)).toBe(theirs);
  });

  it('is found by exactly one filter, whatever it is', () => {
    const found = AGENTSEND_STATUSES.flatMap((status) => toldAsAgentSend(status));
    expect(found.toSorted()).toEqual(DeliveryStatus.options.toSorted());
    for (const status of AGENTSEND_STATUSES)
      for (const ours of toldAsAgentSend(status)) expect(agentSendStatus(ours)).toBe(status);
  });
});

describe('a message of AgentSend', () => {
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
  } as unknown as MessageToTell;

  it('has its fields in camel case, and addresses without names', () => {
    expect(agentSendMessage(message)).toEqual({
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
    expect(agentSendMessage({ ...message, delivery: 'dry_run' }).delivery).toBe('dry-run');
  });
});
