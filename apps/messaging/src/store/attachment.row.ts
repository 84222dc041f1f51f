import type { AttachmentDetails, MessageId, Mode, OrganizationId, SecurityStatus } from '@postern/contracts';
import type { MessageRow, StoredAttachment } from './message.row.js';

/** An attachment on its own, as it is stored. */
export interface AttachmentRow extends StoredAttachment {
  organization_id: OrganizationId;
  mode: Mode;
  /** Null: an upload. */
  message_id: MessageId | null;
  inbox_id: string | null;
  /** The key of an upload. */
  uploaded_by: string | null;
  detected_content_type: string | null;
  created_at: Date;
}

/** An attachment, and what its message is to the guard. */
export interface FoundAttachment extends AttachmentRow {
  /** Null for uploads. */
  security_status: SecurityStatus | null;
}

/** The rows of a message's attachments; they are written and deleted with it. */
export const attachmentRowsOf = (message: MessageRow): AttachmentRow[] =>
  message.attachments.map((attachment) => ({
    ...attachment,
    detected_content_type: attachment.detected_content_type ?? null,
    organization_id: message.organization_id,
    mode: message.mode,
    message_id: message.id,
    inbox_id: message.inbox_id,
    uploaded_by: null,
    created_at: message.created_at,
  }));

/** What a message that takes an attachment along has of it. */
export const storedAttachmentOf = (row: AttachmentRow): StoredAttachment => ({
  id: row.id,
  filename: row.filename,
  content_type: row.content_type,
  detected_content_type: row.detected_content_type,
  size: row.size,
  disposition: row.disposition,
  content_id: row.content_id,
  sha256: row.sha256,
});

export function toAttachmentDetails(row: AttachmentRow): AttachmentDetails {
  return {
    ...storedAttachmentOf(row),
    message_id: row.message_id,
    inbox_id: row.inbox_id,
    created_at: row.created_at.toISOString(),
  } as AttachmentDetails;
}
