import { commandServer, JetStreamServer } from '@postern/eventing';
import type { ServiceDefinition } from '@postern/platform';
import { MessagingModule } from './messaging.module.js';
import { messagingSettings } from './messaging.settings.js';

/** How this service is put together; its process and its tests start it from here. */
export const messagingService: ServiceDefinition<typeof messagingSettings> = {
  name: 'messaging',
  settings: messagingSettings,
  module: (config) => MessagingModule.forRoot(config),
  microservices: (app, config) => [commandServer('messaging', config.NATS_URL), { strategy: app.get(JetStreamServer) }],
};
