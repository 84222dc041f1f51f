import { Inject, Injectable } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import { aborted, Database, LeaderLock, LOGGER, type Logger } from '@postern/platform';
import { lastValueFrom, isObservable } from 'rxjs';
import { DeadLetters } from '../dead-letters/dead-letters.js';
import { NATS_CONNECTION } from '../eventing.tokens.js';
import { Inbox } from '../inbox/inbox.js';
import { CONSUMERS, IN_ORDER, ISOLATED, type ConsumerName } from '../jetstream/consumers.js';
import { Batch } from './batch.js';
import { BatchRunner } from './batch-runner.js';
import { JETSTREAM } from './consumes.decorator.js';
import { DurableSubscription } from './durable-subscription.js';

/** Nest's transport for facts: one durable subscription for each `@Consumes` handler. */
@Injectable()
export class JetStreamServer extends Server implements CustomTransportStrategy {
  override transportId = JETSTREAM;
  private stops: (() => Promise<void>)[] = [];

  constructor(
    @Inject(NATS_CONNECTION) private readonly connection: NatsConnection,
    private readonly database: Database,
    private readonly inbox: Inbox,
    private readonly deadLetters: DeadLetters,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    for (const [consumer, handler] of this.handlersByConsumer()) {
      const runner = new BatchRunner(
        consumer,
        CONSUMERS[consumer],
        async (facts, again) => {
          const batch = new Batch(consumer, facts, again, this.database, this.inbox);
          const result: unknown = await handler(batch);
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
          batch.assertCommitted();
        },
        this.deadLetters,
        this.log,
        ISOLATED.has(consumer),
      );
      const subjects = CONSUMERS[consumer].map((event) => event.type);
      const subscribe = () => new DurableSubscription(this.connection, consumer, subjects, runner, this.log);
      this.stops.push(IN_ORDER.has(consumer) ? this.alone(consumer, subscribe) : this.shared(subscribe));
    }
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()));
  }

  /** All replicas take facts. @returns what ends it. */
  private shared(subscribe: () => DurableSubscription): () => Promise<void> {
    const subscription = subscribe();
    subscription.start();
    return () => subscription.stop();
  }

  /** One replica takes facts, the others stand by. @returns what ends it. */
  private alone(consumer: string, subscribe: () => DurableSubscription): () => Promise<void> {
    const lock = new LeaderLock(this.database, `consumer:${consumer}`, this.log);
    lock.hold(async (signal) => {
      const subscription = subscribe();
      subscription.start();
      await aborted(signal);
      await subscription.stop();
    });
    return () => lock.release();
  }

  on(): never {
    throw new Error('The JetStream transport has no events of its own: watch the NATS connection.');
  }

  unwrap<T>(): T {
    return this.connection as T;
  }

  private handlersByConsumer(): Map<ConsumerName, MessageHandler> {
    const found = new Map<ConsumerName, MessageHandler>();
    for (const handler of this.messageHandlers.values()) {
      const consumer = handler.extras?.['consumer'] as ConsumerName | undefined;
      if (consumer !== undefined) found.set(consumer, handler);
    }
    return found;
  }
}
