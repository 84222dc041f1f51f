import { z } from 'zod';
import { Address } from '../address.js';
import { WebhookId } from '../ids.js';
import { Approval } from './approval.js';
import { Attachment } from './attachment.js';
import { Domain } from './domain.js';
import type { PublicEventType } from './event.js';
import { ExpectedReply, ReplyOutcome } from './expect-reply.js';
import { Inbox } from './inbox.js';
import { DetectedLoop } from './loop.js';
import { MessageSummary, Recipient, Security, TextPart } from './message.js';
import { Suppression } from './suppression.js';

const url = z.string().meta({ description: 'path of the resource below the API’s base URL' });

/** In place of the data of an event whose message was deleted. */
export const DeletedData = z.object({
  id: z.string().meta({ description: 'of the message' }),
  deleted: z.literal(true),
});

/** In place of the data of an event that weighed over 1 MiB. */
export const ShortenedData = z.object({ id: z.string(), url: url.optional(), truncated: z.literal(true) });

export const MessageData = MessageSummary.extend({ url });
export const RecipientData = MessageData.extend({ recipient: Recipient });
/** With the recipient whom SES refused, or without one when nothing was handed to SES. */
export const RejectedData = MessageData.extend({ recipient: Recipient.optional() });
export const ContentData = MessageData.extend({
  text: z.string().nullable(),
  html: z.string().nullable(),
  text_parts: z.array(TextPart),
  truncated: z
    .literal(true)
    .optional()
    .meta({ description: 'text and HTML were over 256 KiB; the message has the rest' }),
});
/** Events of older versions lack what inboxes have got since. */
export const InboxData = Inbox.partial({ paused_reason: true });
export const LoopData = DetectedLoop.extend({ url });
export const ReplyData = ExpectedReply.extend({ status: z.literal('resolved'), outcome: ReplyOutcome, url });
export const WebhookDisabledData = z.object({
  webhook_id: WebhookId,
  url: z.string().meta({ description: 'of the endpoint' }),
  reason: z.enum(['gone', 'failing']).meta({ description: 'it answered 410, or had no success for five days' }),
});
export const WebhookTestData = z.object({ webhook_id: WebhookId });

const ofMessage = <T extends z.ZodType>(data: T) => z.union([data, DeletedData, ShortenedData]);
const message = ofMessage(MessageData);
const recipient = ofMessage(RecipientData);
const rejected = ofMessage(RejectedData);
const content = ofMessage(ContentData);
const approval = ofMessage(Approval);

/** What `data` of an event holds, by its type. What reads the log may rely on it; more fields may come. */
export const EVENT_DATA = {
  'message.queued': message,
  'message.sent': message,
  'message.delayed': recipient,
  'message.delivered': recipient,
  'message.bounced': recipient,
  'message.complained': recipient,
  'message.rejected': rejected,
  'message.failed': message,
  'message.cancelled': message,
  'message.received': content,
  'message.flagged': message,
  'message.withheld': message,
  'message.released': content,
  'approval.requested': approval,
  'approval.approved': approval,
  'approval.rejected': approval,
  'approval.expired': approval,
  'suppression.added': Suppression,
  'suppression.removed': Suppression,
  'inbox.created': InboxData,
  'inbox.updated': InboxData,
  'inbox.deleted': InboxData,
  'inbox.paused': InboxData,
  'inbox.resumed': InboxData,
  'domain.verified': Domain,
  'webhook.disabled': WebhookDisabledData,
  'webhook.test': WebhookTestData,
  'thread.loop_detected': LoopData,
  'thread.reply_expected.resolved': ReplyData,
} as const satisfies Record<PublicEventType | 'webhook.test', z.ZodType>;

/** The schemas that have a name of their own where the types of events are written down. */
export const EVENT_DATA_NAMES = {
  Address,
  Approval,
  Attachment,
  ContentData,
  DeletedData,
  Domain,
  InboxData,
  LoopData,
  MessageData,
  Recipient,
  RecipientData,
  RejectedData,
  ReplyData,
  Security,
  ShortenedData,
  Suppression,
  WebhookDisabledData,
  WebhookTestData,
} as const satisfies Record<string, z.ZodType>;
