import { type Infra, type ServiceUnderTest, startService } from '@postern/testing';
import { CALL_TIMING, type CallTiming } from '../src/call/timing.js';
import { migrations } from '../src/store/migrations/index.js';
import { webhooksServiceWith } from '../src/webhooks.service.js';

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
    env: { WEBHOOKS_ALLOW_PRIVATE: 'true', ...env },
  });
