import { type Database, sql } from '@postern/platform';

/** Rows deleted in one statement, so that none holds its locks for long. */
const AT_ONCE = 5_000;

// SNS retries for an hour at the most; four days also cover a notification that an operator sends again.
const OLD_NOTIFICATIONS = sql(
  'sns_notifications_forget',
  `DELETE FROM sns_notifications WHERE message_id IN (
     SELECT message_id FROM sns_notifications WHERE received_at < now() - interval '4 days' LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING 1`,
);
const OLD_DIGESTS = sql(
  'mail_digests_forget',
  `DELETE FROM mail_digests WHERE (organization_id, mode, inbox_id, raw_sha256) IN (
     SELECT organization_id, mode, inbox_id, raw_sha256 FROM mail_digests
     WHERE received_at < now() - interval '7 days' LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING 1`,
);
// A fact may come again for 14 days, as a dead letter; by then the mail is a message, which names its content itself.
const OLD_CONTENTS = sql(
  'mail_contents_forget',
  `DELETE FROM mail_contents WHERE (organization_id, mode, mail_id, sha256) IN (
     SELECT organization_id, mode, mail_id, sha256 FROM mail_contents
     WHERE received_at < now() - interval '15 days' LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING 1`,
);

/** Forgets seen notifications and digests that no repeat can meet any more, and what old mails named. @returns whether more are left. */
export async function forgetOld(database: Database): Promise<boolean> {
  const notifications = await database.query(OLD_NOTIFICATIONS, [AT_ONCE]);
  const digests = await database.query(OLD_DIGESTS, [AT_ONCE]);
  const contents = await database.query(OLD_CONTENTS, [AT_ONCE]);
  return [notifications, digests, contents].some(({ length }) => length === AT_ONCE);
}
