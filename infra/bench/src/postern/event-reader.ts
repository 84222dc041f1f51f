import type { Gateway, LoggedEvent } from './gateway.js';
import { until } from './until.js';

/** Reads the event log forward, each event once. */
export class EventReader {
  private after = 0;

  constructor(
    private readonly gateway: Gateway,
    private readonly types: readonly string[],
  ) {}

  /** What is there by now and was not read yet. */
  async more(): Promise<LoggedEvent[]> {
    const read: LoggedEvent[] = [];
    for (;;) {
      const { events, hasMore } = await this.gateway.events(this.types, this.after);
      read.push(...events);
      this.after = events.at(-1)?.sequence ?? this.after;
      if (!hasMore) return read;
    }
  }

  /**
   * Reads until what was read is complete.
   * @returns all that was read, complete or not, when nothing new came for a long time.
   */
  async read(isComplete: (events: readonly LoggedEvent[]) => boolean): Promise<LoggedEvent[]> {
    const read: LoggedEvent[] = [];
    await until(async () => {
      read.push(...(await this.more()));
      return { done: isComplete(read), progress: read.length };
    });
    return read;
  }
}
