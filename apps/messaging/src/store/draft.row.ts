import type { Attachment, Draft, DraftFields, DraftId, InboxId, Mode, OrganizationId } from '@postern/contracts';
import type { StoredAttachment } from './message.row.js';

/** A draft as it is stored, with its attachments. */
export interface DraftRow {
  organization_id: OrganizationId;
  mode: Mode;
  id: DraftId;
  inbox_id: InboxId;
  fields: DraftFields;
  /** Grows by one with each change: a send takes away the very version that it read. */
  version: number;
  created_at: Date;
  updated_at: Date;
  attachments: StoredAttachment[];
}

/** A version of a draft. */
export interface DraftRef {
  id: DraftId;
  version: number;
}

const toAttachment = ({ sha256: _internal, ...shown }: StoredAttachment): Attachment => shown as Attachment;

export function toDraft({ fields, ...row }: DraftRow): Draft {
  return {
    id: row.id,
    inbox_id: row.inbox_id,
    to: fields.to ?? [],
    cc: fields.cc ?? [],
    bcc: fields.bcc ?? [],
    reply_to: fields.reply_to ?? [],
    subject: fields.subject ?? null,
    text: fields.text ?? null,
    html: fields.html ?? null,
    labels: fields.labels ?? [],
    metadata: fields.metadata ?? {},
    headers: fields.headers ?? {},
    attachments: row.attachments.map(toAttachment),
    thread_id: fields.thread_id ?? null,
    in_reply_to: fields.in_reply_to ?? null,
    references: fields.references ?? [],
    client_id: fields.client_id ?? null,
    send_at: fields.send_at === undefined ? null : new Date(fields.send_at).toISOString(),
    undo_seconds: fields.undo_seconds ?? null,
    on_blocked_recipient: fields.on_blocked_recipient ?? null,
    if_thread_last_message_id: fields.if_thread_last_message_id ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
