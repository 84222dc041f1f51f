import { SESClient } from '@aws-sdk/client-ses';
import { type DynamicModule, Module } from '@nestjs/common';
import {
  CatchUp,
  CONTENT_STORE,
  type ContentStore,
  Deletions,
  DeletionSweep,
  EventingModule,
  Outbox,
  PURGE,
} from '@postern/eventing';
import { Database, DatabaseModule, LOGGER, type Logger } from '@postern/platform';
import { AcceptConsumer } from './accept/accept.consumer.js';
import { CancelCommands } from './cancel/cancel.commands.js';
import type { DeliveryConfig } from './delivery.settings.js';
import { domainProviders } from './domains/domain-providers.js';
import { DomainCommands } from './domains/domains.commands.js';
import { DoubtKeeper } from './doubt/doubt-keeper.js';
import { FeedbackConsumer } from './feedback/feedback.consumer.js';
import { FeedbackIntake } from './feedback/feedback-intake.js';
import { SuppressReported } from './feedback/suppress-reported.js';
import { MoveCommands } from './move/move.commands.js';
import { DelayTeller } from './pace/delay-teller.js';
import { InboxStatusConsumer } from './pause/inbox-status.consumer.js';
import { ReleaseKeeper } from './pause/release-keeper.js';
import { DeletionsConsumer } from './remove/deletions.consumer.js';
import { LiftBrakes } from './reputation/lift-brakes.js';
import { ReputationCommands } from './reputation/reputation.commands.js';
import { ReputationKeeper } from './reputation/reputation-keeper.js';
import { PurgeSends } from './store/purge-sends.js';
import { Retention } from './retention/retention.js';
import { type Carrier, openValve, type Valve } from './send/carrier.js';
import { HandOver } from './send/hand-over.js';
import { Lane } from './send/lane.js';
import { Lanes } from './send/lanes.js';
import { LIVE_PROVIDER, type Provider } from './send/provider.js';
import { ResultFacts } from './send/result-facts.js';
import { Results } from './send/results.js';
import { createSesClient } from './ses/ses-client.js';
import { SesProvider } from './ses/ses-provider.js';
import { SesUpkeep } from './ses/ses-upkeep.js';
import { SimulatedCarrier } from './simulate/simulated-carrier.js';
import { SmtpProvider } from './smtp-relay/smtp-provider.js';
import { BrakeStore } from './store/brakes.js';
import { ClaimStore } from './store/claims.js';
import { DelayStore } from './store/delays.js';
import { DoubtStore } from './store/doubts.js';
import { FeedbackMemory } from './store/feedback-memory.js';
import { ToldFeedbackStore } from './store/told-feedback.store.js';
import { HistoryStore } from './store/history.js';
import { LastDoorStore } from './store/last-door.js';
import { migrations } from './store/migrations/index.js';
import { PaceStore } from './store/paces.js';
import { PauseStore } from './store/pauses.js';
import { ProofStore } from './store/proofs.js';
import { ReputationNotes } from './store/reputation-notes.js';
import { ReputationStore } from './store/reputations.js';
import { ResultStore } from './store/results.js';
import { SendStore } from './store/sends.js';
import { SuppressionSnapshot } from './store/suppression-snapshot.js';
import { SuppressionStore } from './store/suppressions.js';
import { SnapshotCommands } from './suppression/snapshot.commands.js';
import { SuppressionCommands } from './suppression/suppression.commands.js';
import { TimelineCommands } from './timeline/timeline.commands.js';

const STORES = [
  BrakeStore,
  ClaimStore,
  DelayStore,
  DoubtStore,
  FeedbackMemory,
  ToldFeedbackStore,
  HistoryStore,
  LastDoorStore,
  PauseStore,
  ProofStore,
  ReputationNotes,
  ReputationStore,
  ResultStore,
  SendStore,
  SuppressionSnapshot,
  SuppressionStore,
];

/** The composition root of delivery. */
@Module({})
export class DeliveryModule {
  static forRoot(config: DeliveryConfig): DynamicModule {
    return {
      module: DeliveryModule,
      imports: [DatabaseModule.forRoot({ schema: 'delivery', migrations }), EventingModule.forRoot('delivery', config)],
      controllers: [
        AcceptConsumer,
        CancelCommands,
        DeletionsConsumer,
        DomainCommands,
        FeedbackConsumer,
        InboxStatusConsumer,
        MoveCommands,
        ReputationCommands,
        SnapshotCommands,
        SuppressionCommands,
        TimelineCommands,
      ],
      providers: [
        ...STORES,
        CatchUp,
        Deletions,
        DeletionSweep,
        { provide: PURGE, useClass: PurgeSends },
        ...(config.DELIVERY_PROVIDER === 'ses' ? sesProviders(config) : smtpProviders(config)),
        {
          provide: ResultFacts,
          useFactory: (outbox: Outbox, provider: Provider) =>
            new ResultFacts(outbox, (id) => provider.wireMessageId(id)),
          inject: [Outbox, LIVE_PROVIDER],
        },
        ...domainProviders(config),
        lanesProvider(config),
        delayTellerProvider(config),
        Results,
        SuppressReported,
        FeedbackIntake,
        LiftBrakes,
        ReputationKeeper,
        DoubtKeeper,
        Retention,
        ReleaseKeeper,
      ],
    };
  }
}

const sesProviders = (config: DeliveryConfig) => [
  { provide: SESClient, useFactory: () => createSesClient(config) },
  { provide: PaceStore, useFactory: (database: Database) => new PaceStore(database, 'ses'), inject: [Database] },
  {
    provide: SesUpkeep,
    useFactory: (ses: SESClient, paces: PaceStore, logger: Logger) => new SesUpkeep(ses, paces, config, logger),
    inject: [SESClient, PaceStore, LOGGER],
  },
  {
    provide: LIVE_PROVIDER,
    useFactory: (ses: SESClient, paces: PaceStore, logger: Logger) => new SesProvider(config, ses, paces, logger),
    inject: [SESClient, PaceStore, LOGGER],
  },
];

const smtpProviders = (config: DeliveryConfig) => [
  { provide: PaceStore, useFactory: (database: Database) => new PaceStore(database, 'smtp'), inject: [Database] },
  {
    provide: LIVE_PROVIDER,
    useFactory: (paces: PaceStore, logger: Logger) => new SmtpProvider(config, paces, logger),
    inject: [PaceStore, LOGGER],
  },
];

const delayTellerProvider = (config: DeliveryConfig) => ({
  provide: DelayTeller,
  inject: [Database, DelayStore, PaceStore, Outbox, ResultFacts, LIVE_PROVIDER, LOGGER],
  useFactory: (
    database: Database,
    delays: DelayStore,
    paces: PaceStore,
    outbox: Outbox,
    facts: ResultFacts,
    { valve }: Provider,
    logger: Logger,
  ): DelayTeller => {
    const { DELIVERY_WEIGHTS: weights, DELIVERY_DELAY_NOTICE_SECONDS: waitedSeconds } = config;
    return new DelayTeller({ database, delays, paces, outbox, facts, valve, weights, waitedSeconds, logger });
  },
});

const lanesProvider = (config: DeliveryConfig) => ({
  provide: Lanes,
  inject: [Database, ClaimStore, Outbox, ResultFacts, Results, CONTENT_STORE, LIVE_PROVIDER, LOGGER, CatchUp],
  useFactory: (
    database: Database,
    claims: ClaimStore,
    outbox: Outbox,
    facts: ResultFacts,
    results: Results,
    contents: ContentStore,
    provider: Provider,
    logger: Logger,
    catchUp: CatchUp,
  ): Lanes => {
    const leaseSeconds = config.DELIVERY_LEASE_SECONDS;
    const lane = (mode: 'live' | 'test', carrier: Carrier, valve: Valve): Lane =>
      new Lane({
        mode,
        concurrency: config.DELIVERY_CONCURRENCY,
        leaseSeconds,
        weights: config.DELIVERY_WEIGHTS,
        database,
        claims,
        outbox,
        facts,
        handOver: new HandOver({ carrier, valve, contents, results, logger, leaseMs: leaseSeconds * 1000 }),
        valve,
        logger,
      });
    const live = lane('live', provider.carrier, provider.valve);
    return new Lanes([live, lane('test', new SimulatedCarrier(), openValve)], results, catchUp);
  },
});
