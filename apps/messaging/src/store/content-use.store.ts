import { Injectable } from '@nestjs/common';
import { Database, sql } from '@postern/platform';

/** Rows deleted in one statement, so that none holds its locks for long. */
const AT_ONCE = 5_000;

// Over both modes: they share an organization's content.
const IN_USE = sql(
  'content_in_use',
  `SELECT q.sha256 FROM unnest($2::text[]) AS q(sha256)
    WHERE EXISTS (SELECT 1 FROM attachments a WHERE a.organization_id = $1 AND a.sha256 = q.sha256)
       OR EXISTS (SELECT 1 FROM content_holds h WHERE h.organization_id = $1 AND h.sha256 = q.sha256)
       OR EXISTS (SELECT 1 FROM messages m
                   WHERE m.organization_id = $1 AND m.raw_sha256 = q.sha256 AND m.raw_inline IS NULL)`,
);
const EXPIRE_UPLOADS = sql(
  'attachments_expire_uploads',
  `DELETE FROM attachments WHERE ctid IN (
     SELECT ctid FROM attachments
      WHERE message_id IS NULL AND draft_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT ${AT_ONCE})
   RETURNING 1`,
);
// A fact may come again for 14 days, as a dead letter.
const DROP_HOLDS = sql(
  'content_holds_drop',
  `DELETE FROM content_holds WHERE ctid IN (
     SELECT ctid FROM content_holds WHERE created_at < $1::timestamptz - interval '15 days' LIMIT ${AT_ONCE})
   RETURNING 1`,
);

/** What of the content store this service names. */
@Injectable()
export class ContentUseStore {
  constructor(private readonly database: Database) {}

  /** @returns those of the contents that some row of the organization names. */
  async inUse(organizationId: string, sha256s: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ sha256: string }>(IN_USE, [organizationId, sha256s]);
    return new Set(rows.map(({ sha256 }) => sha256));
  }

  /** Forgets uploads from before a time that nothing took along. What took one along has its own row. */
  expireUploads(before: Date): Promise<void> {
    return this.deleteAll(EXPIRE_UPLOADS, before);
  }

  /** Drops the holds of facts that cannot come again. */
  dropHolds(now: Date): Promise<void> {
    return this.deleteAll(DROP_HOLDS, now);
  }

  private async deleteAll(statement: typeof DROP_HOLDS, at: Date): Promise<void> {
    while ((await this.database.query(statement, [at])).length === AT_ONCE);
  }
}
