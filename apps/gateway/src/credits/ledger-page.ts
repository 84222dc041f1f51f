import type { CreditEntry, Page } from '@postern/contracts';
import { validationError } from '@postern/platform';
import type { LedgerRow } from '../store/credit-ledger.store.js';

/** A place in the ledger, as a cursor carries it; 15 digits are below 2^53. */
const PLACE = /^\d{1,15}$/;

/** Reads a cursor of the ledger. @throws AppError `validation_error` for one that no page gave out. */
export function readLedgerCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const place = Buffer.from(cursor, 'base64url').toString();
  if (PLACE.test(place)) return Number(place);
  throw validationError([{ path: 'cursor', message: 'must be a next_cursor of this list' }]);
}

/** A page of the ledger. @param rows  one more than the page holds, when there are more. */
export function pageOfLedger(rows: readonly LedgerRow[], limit: number): Page<CreditEntry> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    data: shown.map(({ seq: _place, ...entry }) => entry),
    has_more: more,
    next_cursor: more ? Buffer.from(String(last.seq)).toString('base64url') : null,
  };
}
