import { isId, lowestIdAt, timeOf } from '@postern/contracts';
import { validationError } from '@postern/platform';

const DAY_MS = 24 * 60 * 60 * 1000;
/**
 * What a hit in subject, sender or the name of an attachment counts for. Rank is a time: that of the message, plus this
 * for such a hit. So it never changes, pages stay stable, and among equal hits the newer one comes first.
 */
export const TITLE_BONUS_MS = 30 * DAY_MS;

/** A hit and its rank, in milliseconds of Unix time. */
export interface Ranked<Id extends string = string> {
  id: Id;
  rank: number;
}

export const rankOf = (id: string, inTitle: boolean): number => timeOf(id).getTime() + (inTitle ? TITLE_BONUS_MS : 0);

/** Best first; of equal rank the higher id. */
export const byRank = (one: Ranked, other: Ranked): number =>
  other.rank - one.rank || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

const isInTitle = ({ id, rank }: Ranked): boolean => rank !== timeOf(id).getTime();

/** What the ids of hits in titles are below that come after a hit: of equal rank, they are older than any other hit. */
export const titlesAfter = (after: Ranked): string =>
  isInTitle(after) ? after.id : lowestIdAt('msg', new Date(Math.max(0, after.rank - TITLE_BONUS_MS + 1)));

/** What the ids of other hits are below that come after a hit. */
export const othersAfter = (after: Ranked): string =>
  isInTitle(after) ? lowestIdAt('msg', new Date(after.rank)) : after.id;

/** The cursor that leads on from a hit. */
export const rankedCursor = ({ id, rank }: Ranked): string => Buffer.from(`${rank}.${id}`).toString('base64url');

/** @throws AppError `validation_error` for a cursor that no search gave. */
export function readRankedCursor(cursor: string | undefined): Ranked | null {
  if (cursor === undefined) return null;
  const [, rank, id] = /^(\d{1,15})\.(.+)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (rank !== undefined && id !== undefined && isId('msg', id)) {
    const time = timeOf(id).getTime();
    if ([time, time + TITLE_BONUS_MS].includes(Number(rank))) return { id, rank: Number(rank) };
  }
  throw validationError([
    { path: 'cursor', message: 'must be a next_cursor of this search; leave it out to begin anew' },
  ]);
}
