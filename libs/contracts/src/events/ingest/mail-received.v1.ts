import { z } from 'zod';
import { Address } from '../../address.js';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { Authentication, MailKind } from '../../http/message.js';
import { InboxId, MailId } from '../../ids.js';
import { SecurityLevel } from '../../status.js';

export const AutomaticMail = z.enum(['auto_reply', 'bounce', 'report']);
export type AutomaticMail = z.infer<typeof AutomaticMail>;

/** A parsed mail: cleaned of NUL, control characters and path parts, ids taken from the raw headers. */
/** What the provider that took a mail in found in it, in the words of RFC 8601: pass, fail, none, temperror. */
export const ProviderScan = z.object({ virus: z.string(), spam: z.string() });
export type ProviderScan = z.infer<typeof ProviderScan>;

export const InboundMail = z.object({
  messageIdHeader: z.string().nullable(),
  /** Every id of the In-Reply-To header, in brackets. */
  inReplyTo: z.array(z.string()),
  references: z.array(z.string()),
  from: Address,
  to: z.array(Address),
  cc: z.array(Address),
  replyTo: z.array(Address),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  html: z.string().nullable(),
  date: z.iso.datetime().nullable(),
  attachments: z.array(
    z.object({
      filename: z.string(),
      contentType: z.string(),
      /** What it looks like; null for text and unknown formats. Absent: nobody looked. */
      detectedContentType: z.string().nullable().optional(),
      disposition: z.enum(['attachment', 'inline']),
      contentId: z.string().nullable(),
      /** Stored under the organization; never inline. */
      content: Content,
    }),
  ),
  authentication: Authentication.nullable(),
  /** Null or absent: no provider took it in, or it did not look. */
  providerScan: ProviderScan.nullable().optional(),
  /** Why parsing failed; headers and raw are still there. */
  parseError: z.string().nullable(),
  /**
   * Sent by a machine, as its header says: `auto_reply` (RFC 3834), `bounce` (a report that delivery failed, RFC 3464),
   * `report` (any other report, RFC 6522). Null or absent: by nobody known as one.
   */
  automatic: AutomaticMail.nullable().optional(),
  /** As the message shows them. Absent: nobody looked. */
  kinds: z.array(MailKind).optional(),
  /** Header names that may stand once and stood more often; the first of each counts. Absent: none. */
  repeatedHeaders: z.array(z.string()).optional(),
});
export type InboundMail = z.infer<typeof InboundMail>;

/** One mail for one inbox: several local recipients make several of these with one raw content. */
export const MailReceived = z.object({
  mailId: MailId,
  inboxId: InboxId,
  /** Of the inbox, when the mail came; a later change does not touch it. Absent: not known, every check looks at the mail. */
  securityLevel: SecurityLevel.optional(),
  /** The envelope recipient, as it was given. */
  recipient: z.string(),
  /** The envelope sender; empty for bounces (RFC 5321 §4.5.5). */
  mailFrom: z.string(),
  via: z.enum(['smtp', 'ses']),
  receivedAt: z.iso.datetime(),
  /** The octets as they came. */
  raw: Content,
  /** JSON of {@link InboundMail}, carried or named. */
  parsed: Content,
});
export type MailReceived = z.infer<typeof MailReceived>;

export const MailReceivedV1 = defineEvent(
  'ingest.mail.received.v1',
  'ingest',
  'A mail for one of our inboxes was taken in, stored raw and parsed. Once per mail and inbox.',
  MailReceived,
);
