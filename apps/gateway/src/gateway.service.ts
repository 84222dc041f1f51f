import { JetStreamServer } from '@postern/eventing';
import type { ServiceDefinition } from '@postern/platform';
import { type CreditClock, SYSTEM_CREDIT_CLOCK } from './credits/clock.js';
import { GatewayModule } from './gateway.module.js';
import { gatewaySettings } from './gateway.settings.js';

/** HTTP contract, "Limits": a JSON body of 15 MiB. */
const BODY_LIMIT_BYTES = 15 * 1024 * 1024;

/**
 * The gateway as a process and as a test runs it. It answers no commands: it asks. Tests start it with credit times of
 * their own.
 */
export const gatewayServiceWith = (creditClock: CreditClock): ServiceDefinition<typeof gatewaySettings> => ({
  name: 'gateway',
  settings: gatewaySettings,
  module: (config) => GatewayModule.forRoot(config, creditClock),
  microservices: (app) => [{ strategy: app.get(JetStreamServer) }],
  httpAdapter: { bodyLimitBytes: BODY_LIMIT_BYTES },
  http: async (app, config) => void (await app.listen(config.PORT, config.HOST)),
});

export const gatewayService = gatewayServiceWith(SYSTEM_CREDIT_CLOCK);
