import { Injectable } from '@nestjs/common';
import type { CommandContext, Envelope, Recipient } from '@postern/contracts';
import { conflict, creditsExhausted, levelInsufficient, payloadTooLarge } from '@postern/platform';
import type { InboxRow } from '../store/inbox.row.js';
import { type Admission, AdmissionDesk } from './admission.js';
import { composeMime, textOf } from './compose-mime.js';
import { contentHash } from './content-hash.js';
import { outboundMessage } from './outbound-message.js';
import { mustReachSomebody, recipientOutcomes } from './recipient-outcomes.js';
import { SendAttachments } from './send-attachments.js';
import type { SendPlan, SendWish } from './send-plan.js';

/** SES takes 10 MB after base64 with SendRawEmail; the finished MIME is measured. */
const MIME_MAX_BYTES = 10 * 1024 * 1024;

/**
 * Decides whether and how a message would be sent. Stores nothing: a preview asks the same planner as the real send.
 */
@Injectable()
export class SendPlanner {
  constructor(
    private readonly desk: AdmissionDesk,
    private readonly attachments: SendAttachments,
  ) {}

  /**
   * Asks everything that decides about a send, in one go with the other sends of the moment.
   * @throws AppError `not_found` for an unknown inbox, `idempotency_conflict` for a key used with another body.
   */
  admit(context: CommandContext, { inbox, body }: Pick<SendWish, 'inbox' | 'body'>): Promise<Admission> {
    return this.desk.ask({
      context,
      inbox,
      recipients: [...body.to, ...(body.cc ?? []), ...(body.bcc ?? [])].map(({ address }) => address),
      references: [...(body.in_reply_to ? [body.in_reply_to] : []), ...(body.references ?? []).toReversed()],
    });
  }

  /**
   * @throws AppError `credits_exhausted`, `level_insufficient`, `inbox_paused`, `recipients_blocked`, `payload_too_large`.
   */
  async plan(context: CommandContext, wish: SendWish, admission: Admission): Promise<SendPlan> {
    if (wish.creditsExhausted === true) throw creditsExhausted();
    mayBeSentFrom(admission.inbox);
    const now = new Date();
    const recipients = recipientOutcomes(wish.body, admission.blocked, now);
    mustReachSomebody(recipients, admission.blocked, wish.body.on_blocked_recipient);
    return this.compose(context, wish, admission, recipients, now);
  }

  private async compose(
    context: CommandContext,
    wish: SendWish,
    { inbox, threadId }: Admission,
    recipients: Recipient[],
    now: Date,
  ): Promise<SendPlan> {
    const { body, messageId } = wish;
    const attachments = await this.attachments.read(context, body, wish.reused ?? []);
    const envelope = envelopeOf(inbox, recipients);
    const ownMessageId = `<${messageId}@${inbox.domain}>`;
    const text = textOf(body);
    const mime = await composeMime({
      from: { address: inbox.address, name: inbox.display_name },
      ownMessageId,
      inReplyTo: body.in_reply_to ?? null,
      references: body.references ?? (body.in_reply_to ? [body.in_reply_to] : []),
      date: now,
      body,
      text,
      attachments,
    });
    if (mime.byteLength > MIME_MAX_BYTES) {
      throw payloadTooLarge('Send less: the finished message may have at most 10 MB after base64.');
    }
    const hash = contentHash(envelope, mime);
    const message = outboundMessage({
      context,
      wish,
      inbox,
      threadId,
      recipients,
      ownMessageId,
      text,
      attachments: attachments.map(({ stored }) => stored),
      mime,
      contentHash: hash,
      now,
    });
    const notBefore = notBeforeOf(wish, inbox, now);
    return { context, wish, inbox, message, envelope, mime, contentHash: hash, attachments, notBefore };
  }
}

/** @throws AppError `inbox_paused` or `level_insufficient`. */
function mayBeSentFrom(inbox: InboxRow): void {
  if (inbox.security_level === 'receive_only' || inbox.security_level === 'ai_protected') throw levelInsufficient();
  if (inbox.status === 'paused') throw conflict('inbox_paused', 'Resume the inbox before sending from it.');
}

/** Who gets a copy: everyone who is not left out. */
const envelopeOf = (inbox: InboxRow, recipients: readonly Recipient[]): Envelope => ({
  from: inbox.address,
  recipients: recipients.filter(({ status }) => status === 'queued').map(({ address, role }) => ({ address, role })),
});

function notBeforeOf({ body }: SendWish, inbox: InboxRow, now: Date): Date {
  const undoUntil = new Date(now.getTime() + (body.undo_seconds ?? inbox.undo_seconds) * 1000);
  const sendAt = body.send_at === undefined ? undoUntil : new Date(body.send_at);
  return sendAt > undoUntil ? sendAt : undoUntil;
}
