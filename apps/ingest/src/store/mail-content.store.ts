import { type Database, sql, type Tx } from '@postern/platform';
import type { MailRow } from './mail.store.js';

const INSERT = sql(
  'mail_contents_insert',
  `INSERT INTO mail_contents (organization_id, mode, mail_id, sha256, received_at)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
);
const IN_USE = sql(
  'mail_contents_in_use',
  `SELECT DISTINCT sha256 FROM mail_contents WHERE organization_id = $1 AND sha256 = ANY($2::text[])`,
);

/** Remembers what mails that are stored in this transaction name in the content store. */
export async function insertMailContents(tx: Tx, mails: readonly MailRow[]): Promise<void> {
  const rows = mails.flatMap((mail) => [...new Set(mail.contents)].map((sha256) => ({ ...mail, sha256 })));
  if (rows.length === 0) return;
  await tx.query(INSERT, [
    rows.map((row) => row.organizationId),
    rows.map((row) => row.mode),
    rows.map((row) => row.id),
    rows.map((row) => row.sha256),
    rows.map((row) => row.receivedAt),
  ]);
}

/** Which of these an organization's mails name, in either mode. */
export async function contentInUse(
  database: Database,
  organizationId: string,
  sha256s: readonly string[],
): Promise<string[]> {
  const rows = await database.query<{ sha256: string }>(IN_USE, [organizationId, sha256s]);
  return rows.map(({ sha256 }) => sha256);
}
