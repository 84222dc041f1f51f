import { type Database, sql } from '@postern/platform';

/** Rows deleted in one statement, so that none holds its locks for long. */
const AT_ONCE = 2_000;
/** As long as facts about a message can still come: inbox rows are kept as long. */
const TOMBSTONE_HOURS = 72;

// Only ends: a send that is pending, claimed or in doubt is never deleted, however old.
const ENDED = sql(
  'sends_forget_ended',
  `DELETE FROM sends WHERE (organization_id, mode, message_id) IN (
     SELECT organization_id, mode, message_id FROM sends
      WHERE state IN ('sent', 'failed', 'rejected', 'cancelled', 'suppressed') AND updated_at < now() - $2 * interval '1 day'
      LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING 1`,
);
// Made by a cancel, or by a move to a time that is over, for a message that never came.
const TOMBSTONES = sql(
  'sends_forget_tombstones',
  `DELETE FROM sends WHERE (organization_id, mode, message_id) IN (
     SELECT organization_id, mode, message_id FROM sends
      WHERE state IN ('cancelled', 'expected') AND mail_from IS NULL
        AND greatest(updated_at, next_attempt_at) < now() - ${TOMBSTONE_HOURS} * interval '1 hour'
      LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING 1`,
);

/** Forgets sends that ended `days` ago, and tombstones of messages that never came. @returns whether more are left. */
export async function forgetOldSends(database: Database, days: number): Promise<boolean> {
  const ended = await database.query(ENDED, [AT_ONCE, days]);
  const tombstones = await database.query(TOMBSTONES, [AT_ONCE]);
  return [ended, tombstones].some(({ length }) => length === AT_ONCE);
}
