import { commandServer, JetStreamServer } from '@postern/eventing';
import type { ServiceDefinition } from '@postern/platform';
import { IngestModule } from './ingest.module.js';
import { ingestSettings } from './ingest.settings.js';
import { SmtpListener } from './smtp/smtp-listener.js';
import { TopicSetup } from './topics/topic-setup.js';

/** An SNS message has at most 256 KiB, as JSON with its escapes somewhat more. */
const BODY_MAX_BYTES = 512 * 1024;

/** How this service is put together; its process and its tests start it from here. */
export const ingestService: ServiceDefinition<typeof ingestSettings> = {
  name: 'ingest',
  settings: ingestSettings,
  module: (config) => IngestModule.forRoot(config),
  microservices: (app, config) => [commandServer('ingest', config.NATS_URL), { strategy: app.get(JetStreamServer) }],
  httpAdapter: { bodyLimitBytes: BODY_MAX_BYTES, textBodies: true },
  http: async (app, config) => {
    await app.listen(config.PORT, config.HOST);
    await app.get(SmtpListener).listen();
    app.get(TopicSetup).start();
  },
};
