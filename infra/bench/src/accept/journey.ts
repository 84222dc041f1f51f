import { type Figure, latencyFigures } from '../figures/figure.js';
import { sustainedRate } from '../figures/percentile.js';
import { EventReader } from '../postern/event-reader.js';
import type { LoggedEvent } from '../postern/gateway.js';
import { until } from '../postern/until.js';
import type { Bench } from '../run/bench.js';

/** What became of the messages of a load. */
export interface Journey {
  /** Milliseconds from `message.queued` to `message.sent`. */
  readonly latencies: readonly number[];
  /** Moments of `message.sent`. */
  readonly sentAt: readonly number[];
  readonly failures: readonly string[];
}

/**
 * Follows messages from their acceptance to SES. Made before a load and asked after it, so that it looks at this load only.
 */
export class Follower {
  private constructor(
    private readonly bench: Bench,
    private readonly reader: EventReader,
  ) {}

  /** Begins here: earlier events and earlier mail in the sandbox are left out. */
  static async begin(bench: Bench): Promise<Follower> {
    const reader = new EventReader(bench.gateway, ['message.queued', 'message.sent']);
    await reader.more();
    await bench.sandbox.empty();
    return new Follower(bench, reader);
  }

  /** @param answered  the messages that were answered with 202. */
  async finish(answered: ReadonlySet<string>): Promise<Journey> {
    await this.settle(answered);
    const events = await this.reader.read((read) => {
      const queued = idsOf(read, 'message.queued');
      return queued.size >= answered.size && idsOf(read, 'message.sent').size >= queued.size;
    });
    const queued = momentsOf(events, 'message.queued');
    const sent = momentsOf(events, 'message.sent');
    return {
      latencies: [...sent].map(([id, at]) => at - (queued.get(id) ?? Number.NaN)),
      sentAt: [...sent.values()],
      failures: [
        ...missing(answered, queued, 'accepted messages have no message.queued'),
        ...missing(queued, sent, 'queued messages have no message.sent'),
        ...copyFailures(queued, await this.bench.sandbox.copies()),
      ],
    };
  }

  /**
   * Waits until all have reached the sandbox, or none comes any more. The mailbox is cheap to look at; events are read
   * when the servers have nothing better to do.
   */
  async settle(answered: ReadonlySet<string>): Promise<void> {
    let last = -1;
    await until(async () => {
      const count = await this.bench.sandbox.count();
      // Requests that were cut off at the end of the load may have been accepted, too: they come with the last ones.
      const done = count >= answered.size && count === last;
      last = count;
      return { done, progress: count };
    });
  }
}

type Ids = { readonly size: number; has(id: string): boolean; keys(): Iterable<string> };

function momentsOf(events: readonly LoggedEvent[], type: string): Map<string, number> {
  return new Map(events.filter((event) => event.type === type).map(({ data, at }) => [data.id ?? '', at]));
}

const idsOf = (events: readonly LoggedEvent[], type: string): Ids => momentsOf(events, type);

function missing(wanted: Ids, found: Ids, what: string): string[] {
  const count = [...wanted.keys()].filter((id) => !found.has(id)).length;
  return count === 0 ? [] : [`${count} ${what}.`];
}

/** Every message that was queued is at SES exactly once, and nothing else is. */
export function copyFailures(queued: Ids, copies: ReadonlyMap<string, number>): string[] {
  const doubled = [...copies.values()].filter((count) => count > 1).length;
  return [
    ...missing(queued, copies, 'accepted messages never reached the sandbox'),
    ...missing(copies, queued, 'messages at the sandbox were never accepted'),
    ...(doubled === 0 ? [] : [`${doubled} messages reached the sandbox more than once.`]),
  ];
}

export function journeyFigures(phase: string, { latencies, sentAt, failures }: Journey): Figure[] {
  return [
    { name: `${phase}.sent_rate`, label: 'handed to SES, sustained', value: sustainedRate(sentAt), unit: '/s' },
    ...latencyFigures(`${phase}.accept_to_sent`, 'accepted → sent', latencies),
    { name: `${phase}.copy_failures`, label: 'lost or doubled (kinds)', value: failures.length, unit: '' },
  ];
}
