import type { Attachment, Message, MessageSummary } from '@postern/contracts';
import { textParts } from '../text-parts/text-parts.js';
import type { MessageWithState, StateRow, StoredAttachment } from './message.row.js';

const toAttachment = ({ sha256: _internal, ...shown }: StoredAttachment): Attachment =>
  ({ ...shown, detected_content_type: shown.detected_content_type ?? null }) as Attachment;

/** The message as facts carry it: everything but its content. */
export function toSummary(row: MessageWithState): MessageSummary {
  return {
    id: row.id,
    organization_id: row.organization_id,
    inbox_id: row.inbox_id,
    thread_id: row.thread_id,
    direction: row.direction,
    from: { address: row.from_address, name: row.from_name },
    to: row.to_list,
    cc: row.cc_list,
    bcc: row.bcc_list,
    reply_to: row.reply_to_list,
    subject: row.subject,
    labels: row.labels,
    metadata: row.metadata,
    attachments: row.attachments.map(toAttachment),
    has_attachments: row.attachments.length > 0,
    delivery: row.mode === 'test' ? 'dry_run' : 'email',
    delivery_status: row.delivery_status,
    security_status: row.security_status,
    security: row.security,
    recipients: row.recipients,
    approval: row.approval as Message['approval'],
    message_id_header: row.wire_message_id ?? row.own_message_id ?? row.received_id,
    own_message_id: row.own_message_id,
    provider_message_id: row.provider_message_id,
    in_reply_to: row.in_reply_to,
    references: row.reference_ids,
    authentication: row.authentication,
    kinds: row.kinds ?? [],
    client_id: row.client_id,
    send_at: row.send_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** What is shown of a withheld message to those who may not read it. Names of attachments are content, too. */
export const withoutContent = (row: MessageWithState): MessageWithState => ({
  ...row,
  subject: null,
  text_body: null,
  html_body: null,
  attachments: row.attachments.map((attachment) => ({ ...attachment, filename: WITHHELD_NAME, content_id: null })),
});
const WITHHELD_NAME = 'withheld';

/**
 * The message as the API shows it.
 * @param readWithheld  whether the caller may see what the guard withholds.
 */
export function toMessage(row: MessageWithState, readWithheld: boolean): Message {
  const shown = row.security_status === 'withheld' && !readWithheld ? withoutContent(row) : row;
  return {
    ...toSummary(shown),
    text: shown.text_body,
    html: shown.html_body,
    // Of what others wrote to us: what an agent sends it has not to take apart.
    text_parts: shown.direction === 'outbound' ? [] : textParts(shown.text_body ?? ''),
  };
}

/** The state alone. What is sent to the database as JSON is parsed there, so the bodies must not come along. */
export const toStateRow = (message: MessageWithState): StateRow => ({
  organization_id: message.organization_id,
  mode: message.mode,
  message_id: message.id,
  inbox_id: message.inbox_id,
  version: message.version,
  stage: message.stage,
  delivery_status: message.delivery_status,
  security_status: message.security_status,
  security: message.security,
  recipients: message.recipients,
  approval: message.approval,
  provider_message_id: message.provider_message_id,
  wire_message_id: message.wire_message_id,
  has_attachments: message.attachments.length > 0,
  updated_at: message.updated_at,
});
