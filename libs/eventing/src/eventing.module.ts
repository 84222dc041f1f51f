import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOGGER, registerReadiness, type Logger } from '@postern/platform';
import { CommandClient } from './commands/command-client.js';
import { JetStreamServer } from './consume/jetstream.server.js';
import { openContentStore, type ContentStoreConfig } from './content/open-content-store.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { Tombstones } from './deletion/tombstones.js';
import { CONTENT_STORE, EVENTING_OPTIONS, NATS_CONNECTION, type EventingOptions } from './eventing.tokens.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { Idempotent } from './idempotency/idempotent.js';
import { Inbox } from './inbox/inbox.js';
import { connectNats } from './jetstream/connect.js';
import { FactsUnderWay } from './jetstream/facts-under-way.js';
import { ensureStreams } from './jetstream/topology.js';
import { Outbox } from './outbox/outbox.js';
import { Housekeeping } from './partitions/housekeeping.js';
import { Relay } from './relay/relay.js';
import { RelayStore } from './relay/relay-store.js';
import { RelayWake } from './relay/relay-wake.js';

/** Closes the connection last, when consumers and relay have stopped. */
@Injectable()
class ConnectionEnd implements OnApplicationShutdown {
  constructor(@Inject(NATS_CONNECTION) private readonly connection: NatsConnection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.connection.drain();
  }
}

async function connectAndPrepare(options: EventingOptions, logger: Logger): Promise<NatsConnection> {
  const connection = await connectNats(options.natsUrl, options.service);
  await ensureStreams(connection, options.streamReplicas);
  registerReadiness('nats', async () => void (await connection.rtt()));
  void connection.closed().then((error) => {
    if (error) logger.error({ err: error }, 'the NATS connection was closed');
  });
  return connection;
}

interface EventingConfig extends ContentStoreConfig {
  readonly NATS_URL: string;
  readonly EVENTS_REPLICAS: number;
}

/** How facts, commands and content cross; global, once per service. Needs the database module. */
@Module({})
export class EventingModule {
  /**
   * @param service  name of the service.
   * @param config   its settings.
   */
  static forRoot(
    service: string,
    config: EventingConfig,
    more: Pick<EventingOptions, 'patienceMs'> = {},
  ): DynamicModule {
    const options: EventingOptions = {
      service,
      natsUrl: config.NATS_URL,
      streamReplicas: config.EVENTS_REPLICAS,
      ...more,
    };
    const shared = [
      CommandClient,
      FactsUnderWay,
      Idempotent,
      Inbox,
      JetStreamServer,
      Outbox,
      Tombstones,
      CONTENT_STORE,
      NATS_CONNECTION,
    ];
    return {
      module: EventingModule,
      global: true,
      providers: [
        { provide: EVENTING_OPTIONS, useValue: options },
        {
          provide: NATS_CONNECTION,
          useFactory: (logger: Logger) => connectAndPrepare(options, logger),
          inject: [LOGGER],
        },
        { provide: CONTENT_STORE, useFactory: () => openContentStore(config) },
        CommandClient,
        ConnectionEnd,
        DeadLetters,
        FactsUnderWay,
        Housekeeping,
        IdempotencyKeys,
        Idempotent,
        Inbox,
        JetStreamServer,
        Outbox,
        Relay,
        RelayStore,
        RelayWake,
        Tombstones,
      ],
      exports: shared,
    };
  }
}
