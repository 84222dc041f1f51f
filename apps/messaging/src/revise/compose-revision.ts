import { Injectable } from '@nestjs/common';
import {
  addressKey,
  type CommandContext,
  type MessageEdit,
  type Recipient,
  type SendMessageBody,
} from '@postern/contracts';
import { contentHash, sha256 } from '@postern/eventing';
import { unavailable } from '@postern/platform';
import { composeMime, textOf } from '../send/compose-mime.js';
import { MIME_MAX_BYTES, mimeTooLarge } from '../send/mime-limit.js';
import { envelopeOf, mustReachSomebody, recipientOutcomes } from '../send/recipient-outcomes.js';
import { SendAttachments } from '../send/send-attachments.js';
import { SendPlanner } from '../send/send-planner.js';
import type { MessageWithState } from '../store/message.row.js';
import { namesRecipients, revisedBody } from './revised-body.js';
import type { Revision } from './revision.js';

/**
 * Composes the next version of a message, by the composer and the rules of the sends. What identifies the message stays: its
 * Message-ID, its place in the thread, its attachments. Stores nothing.
 */
@Injectable()
export class ComposeRevision {
  constructor(
    private readonly planner: SendPlanner,
    private readonly attachments: SendAttachments,
  ) {}

  /** @throws AppError `payload_too_large`, `recipients_blocked`, `not_found` for a deleted inbox, `unavailable` without its attachments. */
  async run(context: CommandContext, message: MessageWithState, edit: MessageEdit): Promise<Revision> {
    const body = revisedBody(message, edit);
    const recipients = namesRecipients(edit) ? await this.recipients(context, message, body) : message.recipients;
    const attachments = await this.attachments.ofMessage(context.organizationId, message.attachments);
    if (attachments === null) throw unavailable();
    const text = textOf(body);
    const mime = await composeMime({
      from: { address: message.from_address, name: message.from_name },
      ownMessageId: message.own_message_id ?? '',
      inReplyTo: body.in_reply_to ?? null,
      references: body.references ?? (body.in_reply_to ? [body.in_reply_to] : []),
      date: new Date(),
      body,
      text,
      attachments,
    });
    if (mime.byteLength > MIME_MAX_BYTES) throw mimeTooLarge();
    const envelope = envelopeOf(message.from_address, recipients);
    const hash = contentHash(envelope, mime);
    return {
      changes: {
        to_list: body.to,
        cc_list: body.cc ?? [],
        bcc_list: body.bcc ?? [],
        to_keys: [...new Set(recipients.map(({ address }) => addressKey(address)))],
        subject: body.subject ?? null,
        text_body: text,
        html_body: body.html ?? null,
        recipients,
        content_hash: hash,
        raw_sha256: sha256(mime),
        raw_size: mime.byteLength,
      },
      envelope,
      mime,
      contentHash: hash,
    };
  }

  /** Whoever asked for blocked recipients to be left out still does. */
  private async recipients(
    context: CommandContext,
    message: MessageWithState,
    body: SendMessageBody,
  ): Promise<Recipient[]> {
    const { blocked } = await this.planner.admit(context, { inbox: message.inbox_id, body });
    const recipients = recipientOutcomes(body, blocked, new Date());
    const skips = message.recipients.some(({ status }) => status === 'skipped');
    mustReachSomebody(recipients, blocked, skips ? 'skip' : 'reject');
    return recipients;
  }
}
