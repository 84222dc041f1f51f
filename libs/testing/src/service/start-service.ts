import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CommandContext, CommandDefinition, CommandInput, CommandOutput } from '@postern/contracts';
import { CommandClient, connectNats } from '@postern/eventing';
import {
  buildService,
  createLogger,
  Database,
  loadSettings,
  openService,
  provisionAndMigrate,
  type MigrateOptions,
  type ServiceDefinition,
  type ServiceSettings,
} from '@postern/platform';
import { TestBus } from '../facts/bus.js';
import type { Infra } from '../infra/start-infra.js';

/** No test is about how fast an answer comes. */
const ASK_PATIENCE_MS = 60_000;

export interface ServiceUnderTest {
  app: NestFastifyApplication;
  database: Database;
  bus: TestBus;
  /** Asks a command over NATS, as the gateway does. @throws AppError */
  ask<C extends CommandDefinition>(
    command: C,
    context: CommandContext,
    input: CommandInput<C>,
  ): Promise<CommandOutput<C>>;
  stop(): Promise<void>;
}

export interface StartOptions<S extends ServiceSettings> extends Pick<MigrateOptions, 'schema' | 'migrations'> {
  infra: Infra;
  service: ServiceDefinition<S>;
  /** Settings beyond those that say where database, broker and content are. */
  env?: Record<string, string>;
}

/** Runs a service as it is deployed, inside the test's process: migrated, consuming, answering. */
export async function startService<S extends ServiceSettings>(options: StartOptions<S>): Promise<ServiceUnderTest> {
  const { infra, service } = options;
  const serviceUrl = infra.serviceUrl(service.name);
  await provisionAndMigrate({ ...options, adminUrl: infra.adminUrl, serviceUrl });
  const config = loadSettings(service.settings, {
    POSTERN_ENV: 'local',
    HOST: '127.0.0.1',
    ADMIN_PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: serviceUrl,
    NATS_URL: infra.natsUrl,
    CONTENT_STORE_URL: infra.contentStoreUrl,
    POSTERN_DOMAIN: 'postern.test',
    ...options.env,
  });
  const logger = createLogger(service.name, config.LOG_LEVEL);
  const app = await buildService(service, config, logger);
  await openService(service, app, config);
  const connection = await connectNats(infra.natsUrl, 'test');
  const client = new CommandClient({
    service: 'test',
    natsUrl: infra.natsUrl,
    streamReplicas: 1,
    patienceMs: ASK_PATIENCE_MS,
  });
  return {
    app,
    database: app.get(Database),
    bus: new TestBus(connection),
    ask: async (command, context, input) => (await client.ask(command, context, input)).value,
    stop: async () => {
      await client.onModuleDestroy();
      await connection.close();
      await app.close();
    },
  };
}
