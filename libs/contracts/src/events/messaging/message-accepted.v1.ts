import { z } from 'zod';
import { Content, Sha256 } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { InDoubtRule } from '../../http/organization.js';
import { MessageSummary } from '../../http/message.js';
import { KeyId, MessageId } from '../../ids.js';
import { OnFlagged, RecipientRole, SecurityLevel } from '../../status.js';

/** The SMTP envelope: recipients are those to be asked of SES (To, Cc and Bcc), not header text. */
export const Envelope = z.object({
  from: z.string(),
  recipients: z.array(z.object({ address: z.string(), role: RecipientRole })).min(1),
});
export type Envelope = z.infer<typeof Envelope>;

/** What delivery needs to send, carried unchanged through the scan. */
export const Dispatch = z.object({
  messageId: MessageId,
  /** Grows with every revision of the content; decisions belong to a version. */
  version: z.int().min(1),
  envelope: Envelope,
  /** The finished MIME, exactly as it will be handed to SES. */
  content: Content,
  /** SHA-256 over the canonical envelope and the MIME. */
  contentHash: Sha256,
  /** The later of `send_at` and accepted + undo window: SES is not asked before. */
  notBefore: z.iso.datetime(),
  inDoubt: InDoubtRule,
});
export type Dispatch = z.infer<typeof Dispatch>;

/** A received message of the same inbox that an outbound one answers, and who wrote it. */
export const AnsweredMail = z.object({
  messageId: MessageId,
  /** From and Reply-To, in the form in which addresses are compared. */
  addresses: z.array(z.string()),
});
export type AnsweredMail = z.infer<typeof AnsweredMail>;

/** What decides about an outbound message beside its content, as it stood when the message was accepted. */
export const OutboundTerms = z.object({
  securityLevel: SecurityLevel,
  onFlagged: OnFlagged,
  /** The key that asked: it can never approve its own message. */
  requestedBy: KeyId.nullable(),
  /** Null when it answers nothing that was received. Absent in older facts. */
  answers: AnsweredMail.nullable().optional(),
  /** Different keys that must approve it when it is held. Absent in older facts: one. */
  approvalsRequired: z.int().min(1).max(2).optional(),
  /** How long it waits for them. Null, and absent in older facts: as the guard is set up. */
  approvalTtlSeconds: z.int().min(1).nullable().optional(),
});
export type OutboundTerms = z.infer<typeof OutboundTerms>;

/** A version of an outbound message that may be scanned. */
export const OutboundVersion = OutboundTerms.extend({ message: MessageSummary, dispatch: Dispatch });

export const MessageAcceptedV1 = defineEvent(
  'messaging.message.accepted.v1',
  'messaging',
  'An outbound message was stored and may be scanned. Once per message.',
  OutboundVersion,
);
