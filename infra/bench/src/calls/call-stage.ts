import { newId } from '@postern/contracts';
import { Client } from 'pg';
import { until } from '../postern/until.js';
import type { Bench } from '../run/bench.js';
import { type Arrival, CallReceiver } from './call-receiver.js';
import { ToldEvents } from './told-events.js';

export const ENDPOINTS = 100;
/** Everything but webhooks: what they would do with the facts is not to be measured. */
const OTHERS = ['gateway', 'messaging', 'security-scan', 'delivery', 'ingest'];

/** A hundred endpoints, each with an inbox of its own, while only the webhooks service runs. */
export class CallStage {
  private constructor(
    readonly bench: Bench,
    readonly receiver: CallReceiver,
    private readonly events: ToldEvents,
    private readonly inboxIds: readonly string[],
  ) {}

  static async set(bench: Bench): Promise<CallStage> {
    const { stack, gateway } = bench;
    const receiver = await CallReceiver.start();
    const inboxIds = Array.from({ length: ENDPOINTS }, () => newId('inb'));
    const ids: string[] = [];
    for (const [number, inboxId] of inboxIds.entries()) {
      ids.push(await gateway.createWebhook(receiver.url(number), ['message.sent'], [inboxId]));
    }
    const organizationId = await ownerOf(stack.local.database_url, ids[0] ?? '');
    await Promise.all(OTHERS.map((name) => stack.hold(name)));
    return new CallStage(bench, receiver, await ToldEvents.open(stack.local.nats_url, organizationId), inboxIds);
  }

  /** So many events to the endpoints by turns, as fast as the broker takes them. @returns their ids. */
  tell(count: number): Promise<string[]> {
    return this.events.tellAll(this.inboxesFor(count));
  }

  /** The same at a fixed rate. */
  tellEvenly(count: number, perSecond: number): Promise<string[]> {
    return this.events.tellEvenly(this.inboxesFor(count), perSecond);
  }

  /** Waits until endpoints from this number on have their events. @returns false when they stand still. */
  allArrived(ids: readonly string[], fromEndpoint = 0): Promise<boolean> {
    const expected = ids.filter((_, index) => index % ENDPOINTS >= fromEndpoint).length;
    return until(async () => {
      const progress = new Set(this.arrivalsFrom(fromEndpoint).map(({ eventId }) => eventId)).size;
      return { done: progress >= expected, progress };
    });
  }

  arrivalsFrom(endpoint: number): Arrival[] {
    return this.receiver.arrivals.filter((one) => one.endpoint >= endpoint);
  }

  /** Milliseconds from the fact on the bus to its first attempt, for endpoints from this number on. */
  waits(fromEndpoint = 0): number[] {
    const first = new Map<string, number>();
    for (const { eventId, at } of this.arrivalsFrom(fromEndpoint)) if (!first.has(eventId)) first.set(eventId, at);
    return [...first].map(([id, at]) => at - (this.events.toldAt.get(id) ?? Number.NaN));
  }

  async end(): Promise<void> {
    await this.events.close();
    await this.receiver.stop();
    await Promise.all(OTHERS.map((name) => this.bench.stack.release(name)));
  }

  private inboxesFor(count: number): string[] {
    return Array.from({ length: count }, (_, index) => this.inboxIds[index % ENDPOINTS] ?? '');
  }
}

async function ownerOf(databaseUrl: string, webhookId: string): Promise<string> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const { rows } = await database.query<{ organization_id: string }>(
      'SELECT organization_id FROM webhooks.webhooks WHERE id = $1',
      [webhookId],
    );
    return rows[0]?.organization_id ?? '';
  } finally {
    await database.end();
  }
}
