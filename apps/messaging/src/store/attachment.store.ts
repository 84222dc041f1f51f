import { Injectable } from '@nestjs/common';
import type { CommandContext } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { AttachmentRow, FoundAttachment } from './attachment.row.js';

const INSERT_UPLOAD = sql(
  'attachments_insert_upload',
  `INSERT INTO attachments (organization_id, mode, id, uploaded_by, sha256, filename, content_type, detected_content_type,
                            size, disposition, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'attachment', $10)`,
);
// A key that is bound to inboxes sees what their messages have, and what it uploaded itself.
const FIND = sql(
  'attachments_find',
  `SELECT a.*, s.security_status
     FROM attachments a
     LEFT JOIN message_states s
       ON s.organization_id = a.organization_id AND s.mode = a.mode AND s.message_id = a.message_id
    WHERE a.organization_id = $1 AND a.mode = $2 AND a.id = ANY($3::text[])
      AND ($4::text[] IS NULL OR a.inbox_id = ANY($4) OR (a.message_id IS NULL AND a.uploaded_by = $5))`,
);

@Injectable()
export class AttachmentStore {
  async insertUpload(tx: Tx, row: AttachmentRow): Promise<void> {
    await tx.query(INSERT_UPLOAD, [
      row.organization_id,
      row.mode,
      row.id,
      row.uploaded_by,
      row.sha256,
      row.filename,
      row.content_type,
      row.detected_content_type,
      row.size,
      row.created_at,
    ]);
  }

  /** @returns by id, those of them that are there for this caller. */
  async find(tx: Tx, context: CommandContext, ids: readonly string[]): Promise<Map<string, FoundAttachment>> {
    const { organizationId, mode, inboxIds, keyId } = context;
    const rows = await tx.query<FoundAttachment>(FIND, [organizationId, mode, ids, inboxIds, keyId]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}
