import { type DynamicModule, Module } from '@nestjs/common';
import { Deletions, DeletionSweep, EventingModule, PURGE } from '@postern/eventing';
import { Database, DatabaseModule, type Logger, LOGGER } from '@postern/platform';
import { Caller } from './call/caller.js';
import { Dispatcher } from './call/dispatcher.js';
import { ResultWriter } from './call/result-writer.js';
import { roomOf } from './call/room.js';
import type { CallTiming } from './call/timing.js';
import { DeliveriesCommands } from './deliveries/deliveries.commands.js';
import { OrderCall } from './deliveries/order-call.js';
import { EndpointRemovals } from './endpoints/endpoint-removals.js';
import { RegisterWebhook } from './endpoints/register-webhook.js';
import { ReviseWebhook } from './endpoints/revise-webhook.js';
import { RotateSecret } from './endpoints/rotate-secret.js';
import { WebhooksCommands } from './endpoints/webhooks.commands.js';
import { EventLogConsumer } from './log/event-log.consumer.js';
import { EventsCommands } from './log/events.commands.js';
import { LogSignals } from './log/log-signals.js';
import { ReceivedBodies } from './log/received-bodies.js';
import { SubscriberCalls } from './log/subscriber-calls.js';
import { WriteLog } from './log/write-log.js';
import { DeletedMessages } from './remove/deleted-messages.js';
import { MetricsCommands } from './metrics/metrics.commands.js';
import { RedactEvents } from './store/redact-events.js';
import { ReplayCommands } from './replay/replay.commands.js';
import { ReplayEvents } from './replay/replay-events.js';
import { Replayer } from './replay/replayer.js';
import { Expire } from './retention/expire.js';
import { AttemptStore } from './store/attempt-store.js';
import { CallStore } from './store/call-store.js';
import { ClaimStore } from './store/claim-store.js';
import { CountStore } from './store/count-store.js';
import { DeliveryStore } from './store/delivery-store.js';
import { EndpointStore } from './store/endpoint-store.js';
import { EventPages } from './store/event-pages.js';
import { EventStore } from './store/event-store.js';
import { InboxAddressStore } from './store/inbox-address-store.js';
import { LogPartitions } from './store/log-partitions.js';
import { migrations } from './store/migrations/index.js';
import { PLANNING } from './store/planning.js';
import { RemovalStore } from './store/removal-store.js';
import { ReplayStore } from './store/replay-store.js';
import { ResultStore } from './store/result-store.js';
import { RetentionStore } from './store/retention-store.js';
import { SecretStore } from './store/secret-store.js';
import { guardedAgent } from './target/guarded-agent.js';
import { nameServers, systemNames } from './target/resolve.js';
import { TargetGuard } from './target/target-guard.js';
import { TimelineCommands } from './timeline/timeline.commands.js';
import { checkTogether, type WebhooksConfig } from './webhooks.settings.js';

function targetGuard({ WEBHOOKS_TARGETS: reach, WEBHOOKS_PORTS: ports }: WebhooksConfig): TargetGuard {
  const isPublic = reach === 'public';
  return new TargetGuard({ plainHttp: !isPublic, reach, ports }, isPublic ? nameServers() : systemNames);
}

/** The composition root. */
@Module({})
export class WebhooksModule {
  /** @throws SettingsError when settings do not go together. */
  static forRoot(config: WebhooksConfig, timing: CallTiming): DynamicModule {
    checkTogether(config);
    const guard = targetGuard(config);
    return {
      module: WebhooksModule,
      imports: [
        DatabaseModule.forRoot({ schema: 'webhooks', sessionSettings: PLANNING, migrations }),
        EventingModule.forRoot('webhooks', config),
      ],
      controllers: [
        EventLogConsumer,
        EventsCommands,
        WebhooksCommands,
        DeliveriesCommands,
        MetricsCommands,
        ReplayCommands,
        TimelineCommands,
      ],
      providers: [
        AttemptStore,
        ClaimStore,
        CountStore,
        DeletedMessages,
        Deletions,
        DeletionSweep,
        DeliveryStore,
        EndpointRemovals,
        EventPages,
        EventStore,
        InboxAddressStore,
        LogSignals,
        OrderCall,
        { provide: PURGE, useClass: RedactEvents },
        ReceivedBodies,
        RegisterWebhook,
        RemovalStore,
        ReplayEvents,
        ReplayStore,
        ResultStore,
        RetentionStore,
        ReviseWebhook,
        RotateSecret,
        SecretStore,
        SubscriberCalls,
        WriteLog,
        { provide: TargetGuard, useValue: guard },
        {
          provide: EndpointStore,
          useFactory: (database: Database) => new EndpointStore(database, config.WEBHOOKS_PER_ORGANIZATION),
          inject: [Database],
        },
        { provide: CallStore, useValue: new CallStore(timing.retryDelaysMs.length) },
        {
          provide: Dispatcher,
          useFactory: (claims: ClaimStore, results: ResultStore, logger: Logger) =>
            new Dispatcher(
              claims,
              new Caller(guardedAgent(guard, timing.timeoutMs), timing.timeoutMs),
              new ResultWriter(results, timing),
              { room: roomOf(config.WEBHOOKS_IN_FLIGHT, config.WEBHOOKS_PER_ENDPOINT), timing },
              logger,
            ),
          inject: [ClaimStore, ResultStore, LOGGER],
        },
        {
          provide: Replayer,
          useFactory: (
            database: Database,
            replays: ReplayStore,
            calls: CallStore,
            dispatcher: Dispatcher,
            logger: Logger,
          ) => new Replayer(database, replays, calls, dispatcher, logger),
          inject: [Database, ReplayStore, CallStore, Dispatcher, LOGGER],
        },
        {
          provide: Expire,
          useFactory: (database: Database, partitions: LogPartitions, store: RetentionStore, logger: Logger) =>
            new Expire(database, partitions, store, config.EVENT_RETENTION_DAYS, logger),
          inject: [Database, LogPartitions, RetentionStore, LOGGER],
        },
        {
          provide: LogPartitions,
          useFactory: (database: Database) => new LogPartitions(database, config.EVENT_RETENTION_DAYS),
          inject: [Database],
        },
      ],
    };
  }
}
