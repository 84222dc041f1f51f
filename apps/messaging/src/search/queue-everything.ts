import type { Database } from '@postern/platform';
import { SearchQueueStore } from '../store/search-queue.store.js';

/** Rows of one commit: the service goes on meanwhile. */
const ROWS_AT_ONCE = 10_000;

/**
 * Puts every message into the queue of the indexer, which writes their search rows anew while lists and searches go on.
 * Safe to stop and to repeat.
 * @param report  told how many are queued so far.
 */
export async function queueEverything(database: Database, report: (count: number) => void): Promise<number> {
  const queue = new SearchQueueStore();
  let count = 0;
  let last: readonly [string, string, string] | null = ['', '', ''];
  while (last !== null) {
    const batch = await queue.addAfter(database, last, ROWS_AT_ONCE);
    count += batch.count;
    last = batch.last;
    report(count);
  }
  return count;
}
