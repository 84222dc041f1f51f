import type { Authentication, ProviderScan } from '@postern/contracts';
import { type Database, sql, type Tx } from '@postern/platform';

/** A mail that SES has put into S3, as its notification tells of it. */
export interface MailToFetch {
  /** SNS's MessageId of the notification. */
  messageId: string;
  bucket: string;
  key: string;
  mailFrom: string;
  /** Of the envelope, ours or not. */
  recipients: string[];
  authentication: Authentication;
  /** Null in rows of older versions. */
  providerScan: ProviderScan | null;
  receivedAt: Date;
}

export interface ClaimedMail extends MailToFetch {
  /** This one included. */
  attempts: number;
  /** Since the notification. */
  ageSeconds: number;
}

/** Longer than one attempt takes: the request, the parsing, the commit. Then another process may try. */
const LEASE = `interval '3 minutes'`;

const INSERT = sql(
  'mails_to_fetch_insert',
  `INSERT INTO mails_to_fetch
     (message_id, bucket, object_key, mail_from, recipients, authentication, provider_scan, received_at, next_attempt_at)
   SELECT m.message_id, m.bucket, m.object_key, m.mail_from,
          ARRAY(SELECT jsonb_array_elements_text(m.recipients)), m.authentication, m.provider_scan, m.received_at, now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::jsonb[], $8::timestamptz[])
       AS m(message_id, bucket, object_key, mail_from, recipients, authentication, provider_scan, received_at)
   ON CONFLICT (message_id) DO NOTHING`,
);
const CLAIM = sql(
  'mails_to_fetch_claim',
  `UPDATE mails_to_fetch SET attempts = attempts + 1, next_attempt_at = now() + ${LEASE}
    WHERE message_id = (
      SELECT message_id FROM mails_to_fetch WHERE next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING message_id AS "messageId", bucket, object_key AS key, mail_from AS "mailFrom", recipients, authentication,
     provider_scan AS "providerScan", received_at AS "receivedAt", attempts, extract(epoch FROM now() - received_at)::int AS "ageSeconds"`,
);
// 1 s, 2 s, 4 s and so on, up to an hour.
const POSTPONE = sql(
  'mails_to_fetch_postpone',
  `UPDATE mails_to_fetch
      SET next_attempt_at = now() + least(interval '1 hour', interval '1 second' * power(2, least($2::int, 12) - 1))
    WHERE message_id = $1 AND attempts = $2`,
);
const DELETE = sql('mails_to_fetch_delete', `DELETE FROM mails_to_fetch WHERE message_id = ANY($1::text[])`);

/** Remembers what to fetch. Safe to repeat. */
export async function insertMailsToFetch(tx: Tx, rows: readonly MailToFetch[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(INSERT, [
    rows.map((row) => row.messageId),
    rows.map((row) => row.bucket),
    rows.map((row) => row.key),
    rows.map((row) => row.mailFrom),
    rows.map((row) => JSON.stringify(row.recipients)),
    rows.map((row) => JSON.stringify(row.authentication)),
    rows.map((row) => JSON.stringify(row.providerScan)),
    rows.map((row) => row.receivedAt),
  ]);
}

/** Takes the one that waits longest, for the time of one attempt. @returns null when none is due. */
export async function claimMailToFetch(database: Database): Promise<ClaimedMail | null> {
  const [claimed] = await database.query<ClaimedMail>(CLAIM);
  return claimed ?? null;
}

/** The attempt failed; the next one comes later than the one before did. */
export async function postponeMailToFetch(
  database: Database,
  { messageId, attempts }: Pick<ClaimedMail, 'messageId' | 'attempts'>,
): Promise<void> {
  await database.query(POSTPONE, [messageId, attempts]);
}

/** What was fetched is forgotten, in the transaction that stores the mail. */
export async function deleteMailsToFetch(tx: Tx, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length > 0) await tx.query(DELETE, [messageIds]);
}
