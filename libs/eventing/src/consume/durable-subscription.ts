import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@postern/platform';
import { EVENTS_STREAM, ensureConsumer, STILL_WORKING_MS } from '../jetstream/topology.js';
import type { BatchRunner } from './batch-runner.js';

const BATCH_MAX = 200;
/** Records held beyond the batch under way; the rest stays with the broker and with other replicas. */
const HELD_MAX = 400;
const HEAL_DELAY_MS = 250;
const HEAL_DELAY_MAX_MS = 5_000;

/** What the client reports when the consumer or its stream is gone, or the broker forgot our pull. */
const BROKEN = new Set([
  'consumer_not_found',
  'stream_not_found',
  'consumer_deleted',
  'heartbeats_missed',
  'no_responders',
]);

/**
 * Pulls from one durable consumer and hands on batches: what gathers while a batch is under way is the next one.
 * When the consumer or the stream disappears, it is made again, without a restart.
 */
export class DurableSubscription {
  private held: JsMsg[] = [];
  private underWay: JsMsg[] = [];
  private stopped = false;
  private messages: ConsumerMessages | null = null;
  private running: Promise<void> = Promise.resolve();
  private signalWork: () => void = () => undefined;
  private signalRoom: () => void = () => undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly consumer: string,
    private readonly subjects: string[],
    private readonly runner: BatchRunner,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const stillWorking = setInterval(() => {
      for (const record of [...this.underWay, ...this.held]) record.working();
    }, STILL_WORKING_MS);
    this.running = Promise.all([this.pull(), this.work()]).then(() => clearInterval(stillWorking));
  }

  /** Stops pulling, finishes the batch under way, and gives back what was not begun. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.messages?.stop();
    this.signalWork();
    this.signalRoom();
    await this.running;
    for (const record of this.held.splice(0)) record.nak();
  }

  private async pull(): Promise<void> {
    let delayMs = HEAL_DELAY_MS;
    while (!this.stopped) {
      try {
        await ensureConsumer(this.connection, this.consumer, this.subjects);
        const consumer = await jetstream(this.connection).consumers.get(EVENTS_STREAM, this.consumer);
        const messages = await consumer.consume({ max_messages: BATCH_MAX, idle_heartbeat: 2_000, expires: 10_000 });
        this.messages = messages;
        if (this.stopped) messages.stop();
        void this.watch(messages);
        delayMs = HEAL_DELAY_MS;
        for await (const record of messages) {
          this.held.push(record);
          this.signalWork();
          if (this.held.length >= HELD_MAX) await this.room();
        }
      } catch (error) {
        if (this.stopped) return;
        this.logger.warn({ err: error, consumer: this.consumer }, 'consumer: not to be had, trying again');
      }
      if (this.stopped) return;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      delayMs = Math.min(HEAL_DELAY_MAX_MS, delayMs * 2);
    }
  }

  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) {
      if (!BROKEN.has(status.type)) continue;
      // A single missed heartbeat is a slow moment; two are a broker that forgot us.
      if (status.type === 'heartbeats_missed' && status.count < 2) continue;
      if (!this.stopped)
        this.logger.warn({ consumer: this.consumer, status: status.type }, 'consumer: making it again');
      messages.stop();
      return;
    }
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const records = this.held.splice(0, BATCH_MAX);
      if (records.length === 0) {
        await new Promise<void>((resolve) => {
          this.signalWork = resolve;
          if (this.held.length > 0 || this.stopped) resolve();
        });
        continue;
      }
      this.signalRoom();
      this.underWay = records;
      await this.runner.run(records);
      this.underWay = [];
    }
  }

  private room(): Promise<void> {
    return new Promise((resolve) => {
      this.signalRoom = resolve;
      if (this.held.length < HELD_MAX || this.stopped) resolve();
    });
  }
}
