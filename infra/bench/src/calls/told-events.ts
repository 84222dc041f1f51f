import { setTimeout as pause } from 'node:timers/promises';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { MessageStatusChangedV1, newId } from '@postern/contracts';
import { connectNats } from '@postern/eventing';
import { changedMessage } from './changed-message.js';

/** Publishes under way at once: beyond this the broker, which syncs each, is no faster. */
const PIPELINE = 256;

/** Facts about messages of one organization, said on the bus in place of messaging. */
export class ToldEvents {
  /** Milliseconds (monotonic) at which each was handed to the broker, by the id of its event. */
  readonly toldAt = new Map<string, number>();
  private readonly js: JetStreamClient;

  private constructor(
    private readonly connection: NatsConnection,
    private readonly organizationId: string,
  ) {
    this.js = jetstream(connection);
  }

  static async open(natsUrl: string, organizationId: string): Promise<ToldEvents> {
    return new ToldEvents(await connectNats(natsUrl, 'bench'), organizationId);
  }

  /** As fast as the broker takes them. @returns the ids of the events. */
  async tellAll(inboxIds: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (let start = 0; start < inboxIds.length; start += PIPELINE) {
      ids.push(...(await Promise.all(inboxIds.slice(start, start + PIPELINE).map((inboxId) => this.tell(inboxId)))));
    }
    return ids;
  }

  /** At a fixed rate, whether or not earlier ones were taken. @returns the ids of the events. */
  async tellEvenly(inboxIds: readonly string[], perSecond: number): Promise<string[]> {
    const from = performance.now();
    const told: Promise<string>[] = [];
    for (const [index, inboxId] of inboxIds.entries()) {
      // Counted from the start, so that a late one does not move those after it.
      const wait = from + (index * 1000) / perSecond - performance.now();
      if (wait > 0) await pause(wait);
      told.push(this.tell(inboxId));
    }
    return Promise.all(told);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async tell(inboxId: string): Promise<string> {
    const id = newId('evt');
    const record = {
      id,
      type: MessageStatusChangedV1.type,
      occurredAt: new Date().toISOString(),
      organizationId: this.organizationId,
      mode: 'live',
      correlationId: 'bench',
      causationId: null,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      data: changedMessage(this.organizationId, inboxId),
    };
    const made = headers();
    made.set('Nats-Msg-Id', id);
    this.toldAt.set(id, performance.now());
    await this.js.publish(record.type, JSON.stringify(record), { headers: made });
    return id;
  }
}
