import { commandServer, JetStreamServer } from '@postern/eventing';
import type { ServiceDefinition } from '@postern/platform';
import { SecurityScanModule } from './security-scan.module.js';
import { securityScanSettings } from './security-scan.settings.js';

/** How this service is put together; its process and its tests start it from here. */
export const securityScanService: ServiceDefinition<typeof securityScanSettings> = {
  name: 'security-scan',
  settings: securityScanSettings,
  module: (config) => SecurityScanModule.forRoot(config),
  microservices: (app, config) => [
    commandServer('security-scan', config.NATS_URL),
    { strategy: app.get(JetStreamServer) },
  ],
};
