import { commandServer, JetStreamServer } from '@postern/eventing';
import type { ServiceDefinition } from '@postern/platform';
import { CALL_TIMING, type CallTiming } from './call/timing.js';
import { WebhooksModule } from './webhooks.module.js';
import { webhooksSettings } from './webhooks.settings.js';

/** How this service is put together. Tests start it with times of their own. */
export const webhooksServiceWith = (timing: CallTiming): ServiceDefinition<typeof webhooksSettings> => ({
  name: 'webhooks',
  settings: webhooksSettings,
  module: (config) => WebhooksModule.forRoot(config, timing),
  microservices: (app, config) => [commandServer('webhooks', config.NATS_URL), { strategy: app.get(JetStreamServer) }],
});

export const webhooksService = webhooksServiceWith(CALL_TIMING);
