import { SESClient } from '@aws-sdk/client-ses';
import { type DynamicModule, Module } from '@nestjs/common';
import { CONTENT_STORE, type ContentStore, EventingModule, Outbox } from '@postern/eventing';
import { Database, DatabaseModule, LOGGER, type Logger } from '@postern/platform';
import { AcceptConsumer } from './accept/accept.consumer.js';
import { CancelCommands } from './cancel/cancel.commands.js';
import type { DeliveryConfig } from './delivery.settings.js';
import { DoubtKeeper } from './doubt/doubt-keeper.js';
import { FeedbackConsumer } from './feedback/feedback.consumer.js';
import { FeedbackIntake } from './feedback/feedback-intake.js';
import { Pace } from './pace/pace.js';
import { FIRST_GUESS_PER_SECOND } from './pace/send-quota.js';
import { SesValve } from './pace/ses-valve.js';
import { type Carrier, openValve, type Valve } from './send/carrier.js';
import { HandOver } from './send/hand-over.js';
import { Lane } from './send/lane.js';
import { Lanes } from './send/lanes.js';
import { ResultFacts } from './send/result-facts.js';
import { Results } from './send/results.js';
import { SesCarrier } from './ses/ses-carrier.js';
import { createSesClient } from './ses/ses-client.js';
import { SesUpkeep } from './ses/ses-upkeep.js';
import { wireMessageId } from './ses/wire-message-id.js';
import { SimulatedCarrier } from './simulate/simulated-carrier.js';
import { ClaimStore } from './store/claims.js';
import { DoubtStore } from './store/doubts.js';
import { FeedbackMemory } from './store/feedback-memory.js';
import { migrations } from './store/migrations/index.js';
import { ProofStore } from './store/proofs.js';
import { ResultStore } from './store/results.js';
import { SendStore } from './store/sends.js';
import { SuppressionStore } from './store/suppressions.js';
import { SuppressionCommands } from './suppression/suppression.commands.js';

const STORES = [ClaimStore, DoubtStore, FeedbackMemory, ProofStore, ResultStore, SendStore, SuppressionStore];
const monotonicMs = (): number => performance.now();

/** The composition root of delivery. */
@Module({})
export class DeliveryModule {
  static forRoot(config: DeliveryConfig): DynamicModule {
    return {
      module: DeliveryModule,
      imports: [DatabaseModule.forRoot({ schema: 'delivery', migrations }), EventingModule.forRoot('delivery', config)],
      controllers: [AcceptConsumer, CancelCommands, FeedbackConsumer, SuppressionCommands],
      providers: [
        ...STORES,
        { provide: SESClient, useFactory: () => createSesClient(config) },
        { provide: Pace, useFactory: () => new Pace(FIRST_GUESS_PER_SECOND, monotonicMs) },
        {
          provide: ResultFacts,
          useFactory: (outbox: Outbox) => new ResultFacts(outbox, (id) => wireMessageId(config.AWS_REGION, id)),
          inject: [Outbox],
        },
        {
          provide: SesUpkeep,
          useFactory: (ses: SESClient, pace: Pace, logger: Logger) => new SesUpkeep(ses, pace, config, logger),
          inject: [SESClient, Pace, LOGGER],
        },
        lanesProvider(config),
        Results,
        FeedbackIntake,
        DoubtKeeper,
      ],
    };
  }
}

const lanesProvider = (config: DeliveryConfig) => ({
  provide: Lanes,
  inject: [Database, ClaimStore, Outbox, ResultFacts, Results, CONTENT_STORE, SESClient, Pace, LOGGER],
  useFactory: (
    database: Database,
    claims: ClaimStore,
    outbox: Outbox,
    facts: ResultFacts,
    results: Results,
    contents: ContentStore,
    ses: SESClient,
    pace: Pace,
    logger: Logger,
  ): Lanes => {
    const leaseSeconds = config.DELIVERY_LEASE_SECONDS;
    const lane = (mode: 'live' | 'test', carrier: Carrier, valve: Valve): Lane =>
      new Lane({
        mode,
        concurrency: config.DELIVERY_CONCURRENCY,
        leaseSeconds,
        database,
        claims,
        outbox,
        facts,
        handOver: new HandOver({ carrier, contents, results, logger, leaseMs: leaseSeconds * 1000 }),
        valve,
        logger,
      });
    const live = lane(
      'live',
      new SesCarrier(ses, config.SES_CONFIGURATION_SET),
      new SesValve(pace, logger, monotonicMs),
    );
    return new Lanes([live, lane('test', new SimulatedCarrier(), openValve)], results);
  },
});
