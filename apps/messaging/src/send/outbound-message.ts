import { addressKey, sameIdAs, timeOf, type CommandContext, type Recipient, type ThreadId } from '@postern/contracts';
import { sha256 } from '@postern/eventing';
import type { InboxRow } from '../store/inbox.row.js';
import type { MessageWithState, StoredAttachment } from '../store/message.row.js';
import type { SendWish } from './send-plan.js';

/** Everything that a new outbound message is made of. */
export interface OutboundParts {
  context: CommandContext;
  wish: SendWish;
  inbox: InboxRow;
  /** Null starts a thread. */
  threadId: ThreadId | null;
  recipients: Recipient[];
  ownMessageId: string;
  text: string;
  attachments: StoredAttachment[];
  mime: Buffer;
  contentHash: string;
  now: Date;
}

/** The rows of an outbound message at its first version. */
export function outboundMessage(parts: OutboundParts): MessageWithState {
  const { context, wish, inbox, recipients, mime, now } = parts;
  const { body, messageId } = wish;
  const sendAt = body.send_at === undefined ? null : new Date(body.send_at);
  const stage = sendAt !== null && sendAt > now ? 'scheduled' : 'queued';
  return {
    organization_id: context.organizationId,
    mode: context.mode,
    id: messageId,
    inbox_id: inbox.id,
    thread_id: parts.threadId ?? sameIdAs('thr', messageId),
    direction: 'outbound',
    from_address: inbox.address,
    from_name: inbox.display_name,
    to_list: body.to,
    cc_list: body.cc ?? [],
    bcc_list: body.bcc ?? [],
    reply_to_list: body.reply_to ?? [],
    to_keys: [...new Set(recipients.map(({ address }) => addressKey(address)))],
    subject: body.subject ?? null,
    text_body: parts.text,
    html_body: body.html ?? null,
    labels: [...new Set(body.labels)],
    metadata: body.metadata ?? {},
    attachments: parts.attachments,
    own_message_id: parts.ownMessageId,
    received_id: null,
    in_reply_to: body.in_reply_to ?? null,
    reference_ids: body.references ?? [],
    authentication: null,
    kinds: null,
    client_id: body.client_id ?? null,
    send_at: sendAt,
    content_version: 1,
    content_hash: parts.contentHash,
    custom_headers: body.headers ?? null,
    raw_sha256: sha256(mime),
    raw_size: mime.byteLength,
    requested_by: context.keyId,
    created_at: timeOf(messageId),
    version: 1,
    stage,
    delivery_status: stage,
    security_status: 'pending',
    security: null,
    recipients,
    approval: null,
    provider_message_id: null,
    wire_message_id: null,
    updated_at: now,
  };
}
