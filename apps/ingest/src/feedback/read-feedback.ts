import {
  type Feedback,
  type FeedbackKind,
  isId,
  MessageId,
  Mode,
  OrganizationId,
  readAddress,
  type Tenant,
} from '@postern/contracts';
import { parseTraceparent } from '@postern/platform';
import { cleanLine } from '../mail/clean-text.js';
import { readLooseTime } from './loose-time.js';
import { SesFeedbackRecord } from './ses-record.js';

/** SES's names, of event publishing and of identity feedback, for what we tell. The rest (opens, clicks, …) is ignored. */
const KIND_BY_TYPE: Readonly<Record<string, FeedbackKind>> = {
  Send: 'sent',
  Delivery: 'delivered',
  Bounce: 'bounced',
  Complaint: 'complained',
  DeliveryDelay: 'delayed',
  Reject: 'rejected',
};

const DIAGNOSTIC_MAX_CHARS = 1_000;
const NAME_MAX_CHARS = 100;
const ADDRESS_MAX_CHARS = 320;
/** RFC 3463 §2: class.subject.detail. */
const ENHANCED_STATUS = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/;

export type FeedbackReading =
  | {
      kind: 'feedback';
      feedback: Feedback;
      /** From our tags; null when it carries none, or unusable ones. */
      tenant: Tenant | null;
      /** Of the request that sent the message, when the tag carries it. */
      traceparent: string | null;
    }
  | { kind: 'ignored'; type: string }
  | { kind: 'unreadable'; reason: string };

/**
 * Reads one SES feedback record. Pure.
 * @param record  the parsed `Message` of the SNS notification.
 * @param receivedAt  stands in for a time that the record lacks.
 */
export function readFeedback(record: unknown, receivedAt: Date): FeedbackReading {
  const type = typeOfRecord(record);
  if (type === null) return { kind: 'unreadable', reason: 'neither eventType nor notificationType' };
  const kind = Object.hasOwn(KIND_BY_TYPE, type) ? KIND_BY_TYPE[type] : undefined;
  if (kind === undefined) return { kind: 'ignored', type: type.slice(0, NAME_MAX_CHARS) };
  const parsed = SesFeedbackRecord.safeParse(record);
  if (!parsed.success) return { kind: 'unreadable', reason: `not of the documented form for ${type}` };
  const told = WHAT_IT_TELLS[kind](parsed.data);
  if (told === null) return { kind: 'unreadable', reason: `${type} without its object` };
  const { mail } = parsed.data;
  const tags = readTags(mail.tags ?? {});
  const at = readLooseTime(told.at) ?? readLooseTime(mail.timestamp) ?? receivedAt;
  return {
    kind: 'feedback',
    tenant: tags?.tenant ?? null,
    traceparent: tags?.traceparent ?? null,
    feedback: {
      kind,
      sesMessageId: cleanLine(mail.messageId, NAME_MAX_CHARS),
      messageId: tags?.messageId ?? null,
      attempt: tags?.attempt ?? null,
      recipients: told.recipients,
      type: told.type ? cleanLine(told.type, NAME_MAX_CHARS) : null,
      subType: told.subType ? cleanLine(told.subType, NAME_MAX_CHARS) : null,
      at: at.toISOString(),
    },
  };
}

/** The record's own name for what it is: `Bounce`, `Received`, …; null when it is no SES record. */
export function typeOfRecord(record: unknown): string | null {
  if (typeof record !== 'object' || record === null) return null;
  const { eventType, notificationType } = record as Record<string, unknown>;
  if (typeof eventType === 'string') return eventType;
  return typeof notificationType === 'string' ? notificationType : null;
}

interface Told {
  recipients: Feedback['recipients'];
  type?: string | null | undefined;
  subType?: string | null | undefined;
  at?: string | null | undefined;
}

const WHAT_IT_TELLS: Readonly<Record<FeedbackKind, (record: SesFeedbackRecord) => Told | null>> = {
  sent: ({ mail }) => ({ recipients: mail.destination.map((address) => recipient(address)) }),
  delivered: ({ delivery }) =>
    delivery === undefined
      ? null
      : {
          recipients: delivery.recipients.map((address) =>
            recipient(address, ENHANCED_STATUS.exec(delivery.smtpResponse ?? '')?.[0], delivery.smtpResponse),
          ),
          at: delivery.timestamp,
        },
  bounced: ({ bounce }) =>
    bounce === undefined
      ? null
      : {
          recipients: bounce.bouncedRecipients.map(ofNamed),
          type: bounce.bounceType,
          subType: bounce.bounceSubType,
          at: bounce.timestamp,
        },
  complained: ({ complaint }) =>
    complaint === undefined
      ? null
      : {
          recipients: complaint.complainedRecipients.map(ofNamed),
          type: complaint.complaintFeedbackType,
          subType: complaint.complaintSubType,
          at: complaint.timestamp,
        },
  delayed: ({ deliveryDelay }) =>
    deliveryDelay === undefined
      ? null
      : {
          recipients: deliveryDelay.delayedRecipients.map(ofNamed),
          type: deliveryDelay.delayType,
          at: deliveryDelay.timestamp,
        },
  // SES names nobody: the message as a whole was refused.
  rejected: ({ mail, reject }) =>
    reject === undefined
      ? null
      : { recipients: mail.destination.map((address) => recipient(address, null, reject.reason)) },
};

type Text = string | null | undefined;

const ofNamed = (named: {
  emailAddress: string;
  status?: Text;
  diagnosticCode?: Text;
}): Feedback['recipients'][number] => recipient(named.emailAddress, named.status, named.diagnosticCode);

function recipient(address: string, status?: Text, diagnostic?: Text): Feedback['recipients'][number] {
  return {
    address: cleanLine(readAddress(address)?.address ?? address, ADDRESS_MAX_CHARS),
    status: status ? cleanLine(status, NAME_MAX_CHARS) : null,
    diagnostic: diagnostic ? cleanLine(diagnostic, DIAGNOSTIC_MAX_CHARS) : null,
  };
}

interface Tags {
  tenant: Tenant;
  messageId: MessageId;
  attempt: number | null;
  traceparent: string | null;
}

const ATTEMPT = /^[1-9]\d{0,5}$/;

/** @returns null unless organization, mode and message are all there and well formed: half a name is no name. */
function readTags(tags: Record<string, string[]>): Tags | null {
  const tag = (name: string): string => tags[`postern_${name}`]?.[0] ?? '';
  const mode = Mode.safeParse(tag('mode'));
  if (!isId('org', tag('organization')) || !isId('msg', tag('message')) || !mode.success) return null;
  return {
    tenant: { organizationId: OrganizationId.parse(tag('organization')), mode: mode.data },
    messageId: MessageId.parse(tag('message')),
    attempt: ATTEMPT.test(tag('attempt')) ? Number(tag('attempt')) : null,
    traceparent: parseTraceparent(tag('trace')) === null ? null : tag('trace'),
  };
}
