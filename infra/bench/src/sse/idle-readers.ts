import { get, type IncomingMessage } from 'node:http';
import type { Gateway } from '../postern/gateway.js';

/** Opened at once: more would only queue for the gateway's rate and key checks. */
const OPENED_AT_ONCE = 50;

/** A reader of an event stream that has seen what it was sent, but keeps nothing of it. */
class IdleReader {
  comments = 0;
  events = 0;
  /** When the latest event came, by the monotonic clock. */
  toldAt = 0;
  ended = false;

  constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    // Each comment and each event comes in one piece here: they are far smaller than a packet of the loopback.
    response.on('data', (text: string) => {
      this.comments += text.match(/^:/gm)?.length ?? 0;
      const events = text.match(/^id:/gm)?.length ?? 0;
      this.events += events;
      if (events > 0) this.toldAt = performance.now();
    });
    response.on('error', () => undefined);
    response.on('close', () => (this.ended = true));
  }

  leave(): void {
    this.response.destroy();
  }
}

const openOne = ({ url, headers: { authorization } }: Gateway): Promise<IdleReader> =>
  new Promise((resolve, reject) => {
    const request = get(`${url}/v1/events/stream`, { agent: false, headers: { authorization } }, (response) => {
      if (response.statusCode === 200) resolve(new IdleReader(response));
      else reject(new Error(`a stream was answered ${response.statusCode}`));
    });
    request.on('error', reject);
  });

/** Streams of one organization that are open at the same time. */
export class IdleReaders {
  private constructor(private readonly readers: readonly IdleReader[]) {}

  /** @throws Error when one of them is refused. */
  static async open(gateway: Gateway, count: number): Promise<IdleReaders> {
    const readers: IdleReader[] = [];
    while (readers.length < count) {
      const missing = Math.min(OPENED_AT_ONCE, count - readers.length);
      readers.push(...(await Promise.all(Array.from({ length: missing }, () => openOne(gateway)))));
    }
    return new IdleReaders(readers);
  }

  get open(): number {
    return this.readers.filter(({ ended }) => !ended).length;
  }

  /** How many have had at least so many comments. */
  beaten(comments: number): number {
    return this.readers.filter((reader) => reader.comments >= comments).length;
  }

  /** When the last of them had its latest event, by the monotonic clock. */
  get lastToldAt(): number {
    return Math.max(...this.readers.map(({ toldAt }) => toldAt));
  }

  /** How many have had at least so many events. */
  told(events: number): number {
    return this.readers.filter((reader) => reader.events >= events).length;
  }

  leave(): void {
    for (const reader of this.readers) reader.leave();
  }
}
