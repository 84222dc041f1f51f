import type { AuditEntry, Page } from '@postern/contracts';
import { validationError } from '@postern/platform';

const PREFIX = 'aud:';
const CURSOR = /^aud:([1-9]\d{0,14})$/;

/** Reads the cursor of the audit log. @throws AppError `validation_error` for one that no page gave out. */
export function readSequence(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const [, sequence] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (sequence !== undefined) return Number(sequence);
  throw validationError([{ path: 'cursor', message: 'must be a next_cursor of this list' }]);
}

/**
 * A page of the audit log.
 * @param entries  newest first, one more than the page holds when there are more.
 */
export function pageOfEntries(entries: AuditEntry[], limit: number): Page<AuditEntry> {
  const data = entries.slice(0, limit);
  const last = data.at(-1);
  const more = entries.length > limit && last !== undefined;
  return {
    data,
    has_more: more,
    next_cursor: more ? Buffer.from(`${PREFIX}${last.sequence}`).toString('base64url') : null,
  };
}
