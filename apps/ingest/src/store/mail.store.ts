import type { InboxId, MailId, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

export interface MailRow extends Tenant {
  id: MailId;
  inboxId: InboxId;
  rawSha256: string;
  sizeBytes: number;
  /** What the mail's fact names in the content store. */
  contents: string[];
  mailFrom: string;
  recipient: string;
  via: 'smtp' | 'ses';
  receivedAt: Date;
}

// The digest decides whether the mail is new; only then is there a mail. An expired digest is taken over in place.
const INSERT = sql(
  'mails_insert',
  `WITH arrived AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[],
       $8::text[], $9::text[], $10::timestamptz[])
       AS a (organization_id, mode, id, inbox_id, raw_sha256, size_bytes, mail_from, recipient, via, received_at)
   ), fresh AS (
     INSERT INTO mail_digests AS d (organization_id, mode, inbox_id, raw_sha256, mail_id, received_at)
     SELECT organization_id, mode, inbox_id, raw_sha256, id, received_at FROM arrived
     ORDER BY organization_id, mode, inbox_id, raw_sha256
     ON CONFLICT (organization_id, mode, inbox_id, raw_sha256) DO UPDATE
       SET mail_id = EXCLUDED.mail_id, received_at = EXCLUDED.received_at
       WHERE d.received_at <= EXCLUDED.received_at - interval '7 days'
     RETURNING organization_id, mode, mail_id
   )
   INSERT INTO mails (organization_id, mode, id, inbox_id, raw_sha256, size_bytes, mail_from, recipient, via, received_at)
   SELECT a.* FROM arrived a
   JOIN fresh f ON f.organization_id = a.organization_id AND f.mode = a.mode AND f.mail_id = a.id
   RETURNING id`,
);

const sameMail = (row: MailRow): string => [row.organizationId, row.mode, row.inboxId, row.rawSha256].join();

/** @returns the ids of the mails that are new: the same octets for the same inbox within 7 days are one mail. */
export async function insertMails(tx: Tx, rows: readonly MailRow[]): Promise<Set<string>> {
  // The same mail twice in one statement: the first one counts.
  const distinct = [...new Map(rows.toReversed().map((row) => [sameMail(row), row])).values()];
  if (distinct.length === 0) return new Set();
  const fresh = await tx.query<{ id: string }>(INSERT, [
    distinct.map((row) => row.organizationId),
    distinct.map((row) => row.mode),
    distinct.map((row) => row.id),
    distinct.map((row) => row.inboxId),
    distinct.map((row) => row.rawSha256),
    distinct.map((row) => row.sizeBytes),
    distinct.map((row) => row.mailFrom),
    distinct.map((row) => row.recipient),
    distinct.map((row) => row.via),
    distinct.map((row) => row.receivedAt),
  ]);
  return new Set(fresh.map((row) => row.id));
}
