import { describe, expect, it } from '@jest/globals';
import type { DeliveryStatus, RecipientStatus } from '@postern/contracts';
import { deliveryStatus } from './message-status.js';

const over = (...statuses: RecipientStatus[]): DeliveryStatus =>
  deliveryStatus(
    'over',
    statuses.map((status) => ({ status })),
  );

describe(deliveryStatus, () => {
  it.each(['scheduled', 'held', 'queued', 'sending', 'cancelled', 'received'] as const)(
    'is its own stage when %s',
    (stage) => {
      expect(deliveryStatus(stage, [{ status: 'bounced' }])).toBe(stage);
    },
  );

  it.each([
    [['delivered', 'complained', 'bounced'], 'complained'],
    [['delivered', 'bounced'], 'bounced'],
    [['sent', 'failed'], 'failed'],
    [['sent', 'rejected'], 'rejected'],
    [['sent', 'delayed', 'delivered'], 'delayed'],
    [['sent', 'delivered'], 'sent'],
    [['delivered', 'delivered'], 'delivered'],
    [['suppressed', 'delivered'], 'delivered'],
    [['skipped', 'suppressed'], 'rejected'],
    [['cancelled'], 'cancelled'],
  ] as [RecipientStatus[], DeliveryStatus][])('of %j is %s', (statuses, shown) => {
    expect(over(...statuses)).toBe(shown);
  });
});
