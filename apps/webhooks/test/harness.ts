import { CreateWebhook, MessageStatusChangedV1 } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startService, waitFor } from '@postern/testing';
import { CALL_TIMING, type CallTiming } from '../src/call/timing.js';
import { migrations } from '../src/store/migrations/index.js';
import { webhooksServiceWith } from '../src/webhooks.service.js';
import { statusChanged, tenantOf } from './facts.js';
import type { Receiver } from './receiver.js';

const HOUR_MS = 3_600_000;

/** The service with loopback targets allowed, and times as short as the test needs. */
export const startWebhooks = (
  infra: Infra,
  timing: Partial<CallTiming> = {},
  env: Record<string, string> = {},
): Promise<ServiceUnderTest> =>
  startService({
    infra,
    schema: 'webhooks',
    migrations,
    service: webhooksServiceWith({ ...CALL_TIMING, ...timing }),
    env: { WEBHOOKS_TARGETS: 'loopback', ...env },
  });

/** The service with all its room taken by one call that hangs, so that a test is the only one that claims. */
export async function startIdle(infra: Infra, receiver: Receiver): Promise<ServiceUnderTest> {
  const service = await startWebhooks(
    infra,
    { timeoutMs: HOUR_MS, leaseMs: 3 * HOUR_MS },
    { WEBHOOKS_IN_FLIGHT: '1', WEBHOOKS_PER_ENDPOINT: '1' },
  );
  receiver.on('/blocker', () => undefined);
  const caller = callerOf();
  await service.ask(CreateWebhook, caller, { url: receiver.url('/blocker') });
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  await waitFor(() => receiver.at('/blocker').length === 1, 'the blocking call');
  return service;
}
