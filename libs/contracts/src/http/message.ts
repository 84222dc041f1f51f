import { z } from 'zod';
import { Address } from '../address.js';
import { ApprovalId, InboxId, MessageId, OrganizationId, ThreadId } from '../ids.js';
import { DeliveryStatus, RecipientRole, RecipientStatus, SecurityStatus } from '../status.js';
import { Attachment } from './attachment.js';
import { Timestamp } from './timestamp.js';

export const Detection = z.object({
  method: z.string(),
  result: z.string(),
  detail: z.string(),
  confidence: z.number().min(0).max(1),
});
export type Detection = z.infer<typeof Detection>;

/** What the guard found. Evidence never repeats a secret itself. */
export const Security = z.object({
  risk_score: z.int().min(0).max(100),
  summary: z.string(),
  detections: z.array(Detection),
  triggered_policy: z.string().nullable(),
});
export type Security = z.infer<typeof Security>;

export const Recipient = z.object({
  address: z.string(),
  role: RecipientRole,
  status: RecipientStatus,
  reason: z.string().nullable().meta({
    description: 'why it is so; while the message is `held`: `full_lockdown`, `scan` or `policy`',
  }),
  smtp_response: z.string().nullable(),
  /** When sending will probably go on for a recipient that waits; absent when it does not wait, or nobody can tell. */
  expected_at: Timestamp.optional(),
  updated_at: Timestamp,
});
export type Recipient = z.infer<typeof Recipient>;

/** Results of RFC 8601: pass, fail, none, … */
export const Authentication = z.object({
  spf: z.string(),
  dkim: z.string(),
  dmarc: z.string(),
  arc: z.string(),
  aligned: z.boolean(),
});
export type Authentication = z.infer<typeof Authentication>;

/**
 * What an inbound mail is besides a letter: `auto_reply` (RFC 3834), `bounce` and `delivery_report` (RFC 3464: delivery failed;
 * anything else about it), `complaint` (RFC 5965), `read_receipt` (RFC 8098), `report` (another one, RFC 6522), `list` (RFC 2919,
 * RFC 2369), `calendar` (RFC 5545).
 */
export const MailKind = z.enum([
  'auto_reply',
  'bounce',
  'delivery_report',
  'complaint',
  'read_receipt',
  'report',
  'list',
  'calendar',
]);
export type MailKind = z.infer<typeof MailKind>;

export const TextPart = z.object({ kind: z.enum(['new', 'quoted', 'signature', 'disclaimer']), text: z.string() });

export const Message = z.object({
  id: MessageId,
  organization_id: OrganizationId,
  inbox_id: InboxId,
  thread_id: ThreadId,
  direction: z.enum(['inbound', 'outbound']),
  from: Address,
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  reply_to: z.array(Address),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  html: z.string().nullable(),
  text_parts: z.array(TextPart),
  labels: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  attachments: z.array(Attachment),
  has_attachments: z.boolean(),
  delivery: z.enum(['email', 'dry_run']),
  delivery_status: DeliveryStatus,
  security_status: SecurityStatus,
  security: Security.nullable(),
  recipients: z.array(Recipient),
  approval: z.object({ id: ApprovalId, status: z.string() }).nullable(),
  message_id_header: z.string().nullable(),
  own_message_id: z.string().nullable(),
  provider_message_id: z.string().nullable(),
  in_reply_to: z.string().nullable(),
  references: z.array(z.string()),
  authentication: Authentication.nullable(),
  /** Empty for a letter and for what is sent. Absent in events of older versions. */
  kinds: z.array(MailKind).optional(),
  client_id: z.string().nullable(),
  send_at: Timestamp.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Message = z.infer<typeof Message>;

/** The message as facts and most webhook events show it: without its content. */
export const MessageSummary = Message.omit({ text: true, html: true, text_parts: true });
export type MessageSummary = z.infer<typeof MessageSummary>;
