import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { aborted, Database, LeaderLock, LOGGER, pollLoop, type Logger } from '@postern/platform';
import { EVENTING_OPTIONS, NATS_CONNECTION, type EventingOptions } from '../eventing.tokens.js';
import { EVENTS_STREAM } from '../jetstream/topology.js';
import { Publisher } from './publisher.js';
import { RelayStore, type RelayMemory } from './relay-store.js';
import { RelayWake } from './relay-wake.js';
import { isSameStream, readStream } from './stream-watch.js';

const POLL_MS = 250;
const WATCH_MS = 5_000;
/** Rows read and published in one turn; after a loss it also paces what is published again. */
const TURN_MAX = 500;

/**
 * Publishes the outbox of this service's schema. One process leads (advisory lock), the others stand by.
 *
 * The broker may lose everything: at the start and every five seconds the relay compares the stream with what it
 * remembers, and when it is not the same it publishes again what not every consumer had acknowledged.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;
  private memory: RelayMemory | null = null;
  private watchedAt = 0;

  constructor(
    database: Database,
    private readonly store: RelayStore,
    private readonly wake: RelayWake,
    @Inject(NATS_CONNECTION) private readonly connection: NatsConnection,
    @Inject(EVENTING_OPTIONS) private readonly options: EventingOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'relay', logger);
  }

  onApplicationBootstrap(): void {
    const wakeSubject = `relay.wake.${this.options.service}`;
    this.lock.hold((signal) => this.lead(signal, wakeSubject));
    // A process that does not lead passes the hint on; core NATS is enough for a hint.
    this.wake.onWake(() => this.passOn(wakeSubject));
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  /** A hint that cannot be given is none: whoever committed must not fail by it, not even while the process stops. */
  private passOn(wakeSubject: string): void {
    if (!this.connection.isClosed() && !this.connection.isDraining()) this.connection.publish(wakeSubject);
  }

  private async lead(signal: AbortSignal, wakeSubject: string): Promise<void> {
    const publisher = new Publisher(this.connection);
    this.memory = null;
    this.watchedAt = 0;
    const loop = pollLoop({
      intervalMs: POLL_MS,
      work: () => this.turn(publisher),
      onError: (error) => {
        this.watchedAt = 0;
        this.logger.warn({ err: error }, 'relay: waiting, then trying again');
      },
    });
    const hints = this.connection.subscribe(wakeSubject, { callback: () => loop.wake() });
    this.wake.onWake(() => loop.wake());
    await aborted(signal);
    this.wake.onWake(() => this.passOn(wakeSubject));
    hints.unsubscribe();
    await loop.stop();
  }

  /** One turn. @returns whether there is more to publish at once. */
  private async turn(publisher: Publisher): Promise<boolean> {
    if (Date.now() - this.watchedAt >= WATCH_MS) await this.watch();
    const pending = await this.store.pending(TURN_MAX);
    const last = pending.at(-1);
    if (last === undefined) return false;
    const sequences = await publisher.publish(pending);
    await this.store.markPublished(
      pending.map((record) => record.id),
      sequences,
    );
    const lastSeq = sequences.at(-1) ?? 0;
    if (this.memory !== null && lastSeq > this.memory.lastSeq) {
      this.memory = { ...this.memory, lastSeq, lastEventId: last.id };
    }
    return pending.length >= TURN_MAX;
  }

  private async watch(): Promise<void> {
    const now = await readStream(this.connection, this.options.streamReplicas);
    const remembered = this.memory ?? (await this.store.memory(EVENTS_STREAM));
    if (remembered !== null && !(await isSameStream(this.connection, remembered, now))) {
      const again = await this.store.publishAgain(remembered.ackFloor);
      this.logger.error(
        { again },
        'relay: the event stream was lost or replaced; publishing again what it may have held',
      );
      this.memory = { streamCreated: now.created, lastSeq: 0, lastEventId: '', ackFloor: 0 };
    } else {
      this.memory = {
        streamCreated: now.created,
        lastSeq: remembered?.lastSeq ?? 0,
        lastEventId: remembered?.lastEventId ?? '',
        ackFloor: now.ackFloor,
      };
    }
    await this.store.remember(EVENTS_STREAM, this.memory);
    this.watchedAt = Date.now();
  }
}
