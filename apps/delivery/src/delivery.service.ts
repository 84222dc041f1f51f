import { commandServer, JetStreamServer } from '@postern/eventing';
import type { ServiceDefinition } from '@postern/platform';
import { DeliveryModule } from './delivery.module.js';
import { deliverySettings } from './delivery.settings.js';

/** The service as its process runs it, and as its tests do. */
export const deliveryService: ServiceDefinition<typeof deliverySettings> = {
  name: 'delivery',
  settings: deliverySettings,
  module: (config) => DeliveryModule.forRoot(config),
  microservices: (app, config) => [commandServer('delivery', config.NATS_URL), { strategy: app.get(JetStreamServer) }],
};
