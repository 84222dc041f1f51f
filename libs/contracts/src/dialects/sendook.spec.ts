import { describe, expect, it } from '@jest/globals';
import type { DeliveryStatus } from '../status.js';
import type { MessageToTell } from './message.js';
import { sendookMessage } from './sendook.js';

const message = (more: Partial<MessageToTell>): MessageToTell =>
  ({
    inbox_id: 'inb_1',
    direction: 'outbound',
    from: { address: 'bot@example.com', name: 'Bot' },
    to: [{ address: 'ann@example.com', name: 'Ann' }],
    cc: [],
    bcc: [{ address: 'eve@example.com', name: null }],
    attachments: [],
    delivery_status: 'sent',
    ...more,
  }) as MessageToTell;

const STATUSES: [DeliveryStatus, string | undefined][] = [
  ['scheduled', undefined],
  ['held', undefined],
  ['queued', undefined],
  ['sending', undefined],
  ['sent', 'sent'],
  ['delayed', 'sent'],
  ['delivered', 'delivered'],
  ['bounced', 'bounced'],
  ['complained', 'complained'],
  ['rejected', 'rejected'],
  ['failed', 'rejected'],
  ['cancelled', 'rejected'],
  ['received', 'received'],
];

describe('a message of Sendook', () => {
  it.each(STATUSES)('that is %s has the status %s', (delivery_status, status) => {
    expect(sendookMessage(message({ delivery_status })).status).toBe(status);
  });

  it('names addresses alone, and the inbox that sent or received it', () => {
    expect(sendookMessage(message({}))).toMatchObject({
      from: 'bot@example.com',
      to: ['ann@example.com'],
      bcc: ['eve@example.com'],
      fromInboxId: 'inb_1',
    });
    const received = sendookMessage(message({ direction: 'inbound' }));
    expect(received).toMatchObject({ toInboxId: 'inb_1' });
    expect(received).not.toHaveProperty('fromInboxId');
  });
});
