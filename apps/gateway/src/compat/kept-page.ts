import { PAGE_LIMIT_MAX, type RouteDefinition } from '@postern/contracts';
import { type EntryOf, pagesOf } from './pages.js';
import type { V1, V1Input } from './v1.js';

export interface KeptPage<T> {
  entries: T[];
  /** Where the next page begins; undefined after the last. */
  token: string | undefined;
}

export interface Keeping<T> {
  limit: number;
  /** Of the page before. */
  token?: string | undefined;
  /** Absent: every entry is kept, and none is read in vain. */
  keep?: (entry: T) => boolean | Promise<boolean>;
  /** How many entries are asked for at once. */
  step?: number;
}

/** The page of `/v1` that a page begins in, and the entry of it that was given last. */
interface Place {
  cursor: string;
  lastId: string;
}

const write = ({ cursor, lastId }: Place): string => `${lastId}.${cursor}`;

/** Of a text that is none of ours, `/v1` refuses the cursor. */
function read(token: string | undefined): Place {
  if (token === undefined) return { cursor: '', lastId: '' };
  const [lastId = '', ...cursor] = token.split('.');
  return { cursor: cursor.join('.'), lastId };
}

/** An entry that is gone hides nothing: rather some are given twice. */
const after = <T extends { id: string }>(entries: T[], id: string): T[] =>
  entries.slice(entries.findIndex((entry) => entry.id === id) + 1);

/**
 * A page of a list of `/v1` for systems with filters that `/v1` has not: it is read on until enough is kept, or a thousand
 * entries were looked at. A page may thus hold fewer than `limit`, and more follow.
 * @throws Problem a refusal.
 */
export async function keptPage<D extends RouteDefinition, T extends EntryOf<D> & { id: string }>(
  v1: V1,
  route: D,
  input: V1Input<D>,
  { limit, token, keep, step = keep === undefined ? limit : PAGE_LIMIT_MAX }: Keeping<T>,
): Promise<KeptPage<T>> {
  let { cursor, lastId } = read(token);
  const entries: T[] = [];
  const query = { ...(input.query as object), limit: step, ...(cursor !== '' && { cursor }) };
  for await (const page of pagesOf(v1, route, { ...input, query } as V1Input<D>)) {
    const data = page.data as T[];
    for (const entry of after(data, lastId)) {
      if (keep !== undefined && !(await keep(entry))) continue;
      entries.push(entry);
      if (entries.length < limit) continue;
      if (entry !== data.at(-1)) return { entries, token: write({ cursor, lastId: entry.id }) };
      break;
    }
    lastId = '';
    cursor = page.next_cursor ?? '';
    if (cursor === '' || entries.length >= limit) break;
  }
  return { entries, token: cursor === '' ? undefined : write({ cursor, lastId }) };
}
