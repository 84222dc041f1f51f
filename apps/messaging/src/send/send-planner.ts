import { Injectable } from '@nestjs/common';
import type { CommandContext, Recipient } from '@postern/contracts';
import { contentHash } from '@postern/eventing';
import { creditsExhausted, validationError } from '@postern/platform';
import type { InboxRow } from '../store/inbox.row.js';
import { type Admission, AdmissionDesk } from './admission.js';
import { composeMime, textOf } from './compose-mime.js';
import { outboundMessage } from './outbound-message.js';
import { mayBeSentFrom } from './may-send.js';
import { MIME_MAX_BYTES, mimeTooLarge } from './mime-limit.js';
import { envelopeOf, mustReachSomebody, recipientOutcomes } from './recipient-outcomes.js';
import { SendAttachments } from './send-attachments.js';
import type { SendPlan, SendWish } from './send-plan.js';
import { StaleThread, ThreadMovedOn } from './stale-thread.js';

/**
 * Decides whether and how a message would be sent. Stores nothing: a preview asks the same planner as the real send.
 */
@Injectable()
export class SendPlanner {
  constructor(
    private readonly desk: AdmissionDesk,
    private readonly attachments: SendAttachments,
    private readonly staleThread: StaleThread,
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
      threadId: body.thread_id ?? null,
      isAnswer: isAnswer(body),
      asksForEnd: body.if_thread_last_message_id !== undefined,
    });
  }

  /**
   * @throws AppError `credits_exhausted`, `level_insufficient`, `inbox_paused`, `invalid_state` for a domain that may not
   * send, `validation_error` for a thread of another inbox, `recipients_blocked`, `stale_thread`, `payload_too_large`.
   */
  async plan(context: CommandContext, wish: SendWish, admission: Admission): Promise<SendPlan> {
    if (wish.creditsExhausted === true) throw creditsExhausted();
    mayBeSentFrom(admission);
    mustHaveThread(wish, admission);
    const now = new Date();
    const recipients = recipientOutcomes(wish.body, admission.blocked, now);
    mustReachSomebody(recipients, admission.blocked, wish.body.on_blocked_recipient);
    await this.mustBeUpToDate(context, wish, admission);
    return this.compose(context, wish, admission, recipients, now);
  }

  /** An early look; the commit decides, because the thread may move on until then. */
  private async mustBeUpToDate(context: CommandContext, wish: SendWish, admission: Admission): Promise<void> {
    const { threadId, lastMessageId } = admission;
    const known = wish.body.if_thread_last_message_id;
    if (known === undefined || threadId === null || lastMessageId === known) return;
    throw await this.staleThread.refusal(context, new ThreadMovedOn(threadId, known), wish.reads);
  }

  private async compose(
    context: CommandContext,
    wish: SendWish,
    { inbox, threadId, threadMessages, answers }: Admission,
    recipients: Recipient[],
    now: Date,
  ): Promise<SendPlan> {
    const { body, messageId } = wish;
    const attachments = await this.attachments.read(context, body, wish.reused ?? []);
    const envelope = envelopeOf(inbox.address, recipients);
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
    if (mime.byteLength > MIME_MAX_BYTES) throw mimeTooLarge();
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
    return {
      context,
      wish,
      inbox,
      message,
      threadMessages,
      answers,
      envelope,
      mime,
      contentHash: hash,
      attachments,
      notBefore,
    };
  }
}

/** RFC 5322 §3.6.4: an answer has In-Reply-To. Who only names a thread goes on in it; a forward names what it follows, and answers nobody. */
const isAnswer = ({ in_reply_to, thread_id, references }: SendWish['body']): boolean =>
  in_reply_to !== undefined || (thread_id !== undefined && (references ?? []).length === 0);

/** @throws AppError `validation_error` when a field speaks of a thread that this inbox does not have. */
function mustHaveThread({ body }: SendWish, { threadId }: Admission): void {
  if (threadId !== null) return;
  if (body.thread_id !== undefined) {
    throw validationError([{ path: 'thread_id', message: 'must be the id of a thread of this inbox' }]);
  }
  if (body.if_thread_last_message_id !== undefined) {
    const message = 'must come with thread_id, or with in_reply_to or references of a message that is known';
    throw validationError([{ path: 'if_thread_last_message_id', message }]);
  }
}

function notBeforeOf({ body }: SendWish, inbox: InboxRow, now: Date): Date {
  const undoUntil = new Date(now.getTime() + (body.undo_seconds ?? inbox.undo_seconds) * 1000);
  const sendAt = body.send_at === undefined ? undoUntil : new Date(body.send_at);
  return sendAt > undoUntil ? sendAt : undoUntil;
}
