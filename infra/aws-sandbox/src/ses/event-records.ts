import { ACCOUNT_ID } from '../sns/topics.js';
import { domainOf, headerAddresses } from './address.js';
import { createSesId } from './message-id.js';
import { headerValue } from './raw-message.js';
import type { RawMessage } from './raw-message.js';

/** The `mail` object of SES events. Source: SES developer guide, "Contents of event data", "Mail object". */
export interface MailObject {
  readonly timestamp: string;
  readonly source: string;
  readonly sourceArn: string;
  readonly sendingAccountId: string;
  readonly messageId: string;
  readonly destination: readonly string[];
  readonly headersTruncated: boolean;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly commonHeaders: Readonly<Record<string, string | string[]>>;
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** A recipient that did not get the message, with the answer of its server. */
export interface FailedRecipient {
  readonly address: string;
  /** Enhanced status code (RFC 3463), e.g. `5.1.1`. */
  readonly status: string;
  /** The whole answer, e.g. `550 5.1.1 user unknown`. */
  readonly answer: string;
}

/** What can happen to a message, in the sandbox's own words. */
export type Happening =
  | { readonly type: 'send' }
  | { readonly type: 'reject' }
  | { readonly type: 'delivery'; readonly recipients: readonly string[]; readonly answer?: string | undefined }
  | {
      readonly type: 'bounce';
      readonly bounceType: 'Permanent' | 'Transient';
      readonly bounceSubType: 'General' | 'Suppressed';
      readonly recipients: readonly FailedRecipient[];
    }
  | { readonly type: 'complaint'; readonly recipients: readonly string[] }
  | { readonly type: 'deliveryDelay'; readonly recipients: readonly FailedRecipient[] };

// SES developer guide, "Mail object": headers are cut at 10 KB.
const MAX_HEADERS_BYTES = 10 * 1024;
// 192.0.2.0/24 and 198.51.100.0/24 are for documentation (RFC 5737): nobody's addresses.
const SOURCE_IP = '192.0.2.1';
const OUTGOING_IP = '198.51.100.1';
const REPORTING_MTA = 'mta.aws-sandbox.test';
/** SES retries for 14 hours (SES FAQ, "soft bounces"). */
const DELAY_EXPIRES_MS = 14 * 60 * 60_000;

const commonHeaders = (message: RawMessage, messageId: string): Record<string, string | string[]> => {
  const common: Record<string, string | string[]> = {};
  for (const [key, header] of [
    ['from', 'from'],
    ['to', 'to'],
    ['cc', 'cc'],
    ['replyTo', 'reply-to'],
  ] as const) {
    const value = headerValue(message, header);
    if (value !== undefined) common[key] = key === 'from' ? [value] : headerAddresses(value);
  }
  const date = headerValue(message, 'date');
  if (date !== undefined) common['date'] = date;
  common['messageId'] = messageId;
  const subject = headerValue(message, 'subject');
  if (subject !== undefined) common['subject'] = subject;
  return common;
};

/** @param message  as it was submitted: events show the sender's own headers. */
export const mailObject = (
  message: RawMessage,
  taken: {
    messageId: string;
    source: string;
    destinations: readonly string[];
    tags: Readonly<Record<string, string>>;
    configurationSet: string | null;
    at: Date;
  },
  region: string,
): MailObject => {
  const headers: { name: string; value: string }[] = [];
  let bytes = 0;
  for (const { name, value } of message.fields) {
    bytes += name.length + value.length;
    if (bytes > MAX_HEADERS_BYTES) break;
    headers.push({ name, value });
  }
  const automatic = {
    ...(taken.configurationSet === null ? {} : { 'ses:configuration-set': [taken.configurationSet] }),
    'ses:source-ip': [SOURCE_IP],
    'ses:from-domain': [domainOf(taken.source)],
    'ses:caller-identity': ['aws-sandbox'],
  };
  const own = Object.entries(taken.tags).map(([name, value]) => [name, [value]] as const);
  return {
    timestamp: taken.at.toISOString(),
    source: taken.source,
    sourceArn: `arn:aws:ses:${region}:${ACCOUNT_ID}:identity/${domainOf(taken.source)}`,
    sendingAccountId: ACCOUNT_ID,
    messageId: taken.messageId,
    destination: taken.destinations,
    headersTruncated: headers.length < message.fields.length,
    headers,
    commonHeaders: commonHeaders(message, taken.messageId),
    tags: { ...automatic, ...Object.fromEntries(own) },
  };
};

const failed = ({ address, status, answer }: FailedRecipient) => ({
  emailAddress: address,
  action: 'failed',
  status,
  diagnosticCode: `smtp; ${answer}`,
});

/**
 * One record as event publishing writes it.
 * Source: SES developer guide, "Examples of event data"; the shapes follow its printed records.
 */
export const eventRecord = (mail: MailObject, happening: Happening, at: Date, region: string): object => {
  const timestamp = at.toISOString();
  switch (happening.type) {
    case 'send':
      return { eventType: 'Send', mail, send: {} };
    case 'reject':
      return { eventType: 'Reject', mail, reject: { reason: 'Bad content' } };
    case 'delivery':
      return {
        eventType: 'Delivery',
        mail: { ...mail, tags: { ...mail.tags, 'ses:outgoing-ip': [OUTGOING_IP] } },
        delivery: {
          timestamp,
          processingTimeMillis: at.getTime() - Date.parse(mail.timestamp),
          recipients: happening.recipients,
          smtpResponse: happening.answer ?? '250 2.6.0 Message received',
          reportingMTA: REPORTING_MTA,
        },
      };
    case 'bounce':
      return {
        eventType: 'Bounce',
        bounce: {
          bounceType: happening.bounceType,
          bounceSubType: happening.bounceSubType,
          bouncedRecipients: happening.recipients.map(failed),
          timestamp,
          feedbackId: createSesId(region, at),
          reportingMTA: `dsn; ${REPORTING_MTA}`,
        },
        mail,
      };
    case 'complaint':
      return {
        eventType: 'Complaint',
        complaint: {
          complainedRecipients: happening.recipients.map((emailAddress) => ({ emailAddress })),
          timestamp,
          feedbackId: createSesId(region, at),
          userAgent: 'AWS sandbox complaint generator',
          complaintFeedbackType: 'abuse',
          arrivalDate: mail.timestamp,
        },
        mail,
      };
    case 'deliveryDelay':
      return {
        eventType: 'DeliveryDelay',
        mail,
        deliveryDelay: {
          timestamp,
          delayType: 'TransientCommunicationFailure',
          expirationTime: new Date(at.getTime() + DELAY_EXPIRES_MS).toISOString(),
          delayedRecipients: happening.recipients.map(({ address, status, answer }) => ({
            emailAddress: address,
            status,
            diagnosticCode: `smtp; ${answer}`,
          })),
        },
      };
  }
};
