import type { z } from 'zod';
import type { Attachment } from '../http/attachment.js';
import type { DeliveryStatus } from '../status.js';
import { addressesOf, type MessageToTell } from './message.js';

export const AGENTSEND_STATUSES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'failed',
  'bounced',
  'complained',
  'received',
] as const;
export type AgentSendStatus = (typeof AGENTSEND_STATUSES)[number];

/** What waits is queued there, and what will never be sent has failed: these eight know no approval and no cancelling. */
const STATUS: Readonly<Record<DeliveryStatus, AgentSendStatus>> = {
  scheduled: 'queued',
  held: 'queued',
  queued: 'queued',
  sending: 'sending',
  sent: 'sent',
  delayed: 'sent',
  delivered: 'delivered',
  bounced: 'bounced',
  complained: 'complained',
  rejected: 'failed',
  failed: 'failed',
  cancelled: 'failed',
  received: 'received',
};

export const agentSendStatus = (ours: DeliveryStatus): AgentSendStatus => STATUS[ours];

/** Ours that are told as one of theirs. */
export const toldAsAgentSend = (status: AgentSendStatus): DeliveryStatus[] =>
  (Object.keys(STATUS) as DeliveryStatus[]).filter((ours) => STATUS[ours] === status);

/** What both an attachment of a message and one by itself say. */
export const agentSendFile = ({ id, filename, content_type, size }: z.input<typeof Attachment>) => ({
  id,
  filename,
  contentType: content_type,
  size,
});

/** A message in AgentSend's fields. */
export const agentSendMessage = (message: MessageToTell) => ({
  id: message.id,
  inboxId: message.inbox_id,
  threadId: message.thread_id,
  direction: message.direction,
  fromAddress: message.from.address,
  toAddresses: addressesOf(message.to),
  ccAddresses: addressesOf(message.cc),
  subject: message.subject,
  bodyText: message.text ?? null,
  bodyHtml: message.html ?? null,
  delivery: message.delivery === 'dry_run' ? 'dry-run' : 'email',
  status: STATUS[message.delivery_status],
  attachments: message.attachments.map(agentSendFile),
  messageIdHeader: message.message_id_header,
  createdAt: message.created_at,
});
