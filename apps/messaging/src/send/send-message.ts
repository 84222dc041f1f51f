import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  addressKey,
  MessageAcceptedV1,
  newId,
  sameIdAs,
  type CommandContext,
  type CommandInput,
  type Envelope,
  type Message,
  type Recipient,
  type SendMessage as SendMessageCommand,
} from '@postern/contracts';
import { carry, CONTENT_STORE, keep, Outbox, Replay, type ContentStore } from '@postern/eventing';
import { conflict, creditsExhausted, levelInsufficient, payloadTooLarge, recipientsBlocked } from '@postern/platform';
import { MessageReader } from '../read/message-reader.js';
import { toMessage, toSummary } from '../store/message.mapper.js';
import type { MessageWithState, StoredAttachment } from '../store/message.row.js';
import { Acceptance, type Accepted } from './acceptance.js';
import { AdmissionDesk, type Admission } from './admission.js';
import { composeMime, textOf } from './compose-mime.js';
import { contentHash } from './content-hash.js';
import { dailyLimitsOf } from './daily-limits.js';

/** SES takes 10 MB after base64 with SendRawEmail; the finished MIME is measured. */
const MIME_MAX_BYTES = 10 * 1024 * 1024;

type Input = CommandInput<typeof SendMessageCommand>;

/**
 * Accepts an outbound message. Everything that can refuse it comes before the transaction; after the answer it is
 * committed, together with the fact that sends it on its way.
 */
@Injectable()
export class SendMessage implements OnModuleDestroy {
  constructor(
    private readonly admission: AdmissionDesk,
    private readonly acceptance: Acceptance,
    private readonly outbox: Outbox,
    private readonly reader: MessageReader,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  async run(context: CommandContext, input: Input): Promise<Message | Replay<Message>> {
    const { body } = input;
    const admission = await this.admission.ask({
      context,
      inbox: input.inbox,
      recipients: [...body.to, ...(body.cc ?? []), ...(body.bcc ?? [])].map(({ address }) => address),
      references: [...(body.in_reply_to ? [body.in_reply_to] : []), ...(body.references ?? []).toReversed()],
    });
    if (admission.earlier !== null) return this.replay(context, admission.earlier);
    if (input.creditsExhausted === true) throw creditsExhausted();
    mayBeSentFrom(admission);
    const accepted = await this.prepare(context, input, admission);
    const earlier = await this.acceptance.commit(accepted);
    return earlier === null ? toMessage(accepted.message, true) : this.replay(context, earlier);
  }

  async onModuleDestroy(): Promise<void> {
    await this.acceptance.drain();
  }

  private async replay(context: CommandContext, id: string): Promise<Replay<Message>> {
    return new Replay(await this.reader.get(context, id, true));
  }

  private async prepare(context: CommandContext, input: Input, admission: Admission): Promise<Accepted> {
    const { body, messageId } = input;
    const { inbox } = admission;
    const now = new Date();
    const recipients = outcomes(input, admission, now);
    const envelope: Envelope = {
      from: inbox.address,
      recipients: recipients
        .filter(({ status }) => status === 'queued')
        .map(({ address, role }) => ({ address, role })),
    };
    const ownMessageId = `<${messageId}@${inbox.domain}>`;
    const text = textOf(body);
    const from = { address: inbox.address, name: inbox.display_name };
    const mime = await composeMime({
      from,
      ownMessageId,
      inReplyTo: body.in_reply_to ?? null,
      references: body.references ?? (body.in_reply_to ? [body.in_reply_to] : []),
      date: now,
      body,
      text,
    });
    if (mime.byteLength > MIME_MAX_BYTES) {
      throw payloadTooLarge('Send less: the finished message may have at most 10 MB after base64.');
    }
    const carried = await carry(this.content, context.organizationId, mime);
    const attachments = await this.keepAttachments(context, input);
    const sendAt = body.send_at === undefined ? null : new Date(body.send_at);
    const undoUntil = new Date(now.getTime() + (body.undo_seconds ?? inbox.undo_seconds) * 1000);
    const notBefore = sendAt !== null && sendAt > undoUntil ? sendAt : undoUntil;
    const scheduled = sendAt !== null && sendAt > now;
    const hash = contentHash(envelope, mime);
    const message: MessageWithState = {
      organization_id: context.organizationId,
      mode: context.mode,
      id: messageId,
      inbox_id: inbox.id,
      thread_id: (admission.threadId ?? sameIdAs('thr', messageId)) as MessageWithState['thread_id'],
      direction: 'outbound',
      from_address: from.address,
      from_name: from.name,
      to_list: body.to,
      cc_list: body.cc ?? [],
      bcc_list: body.bcc ?? [],
      reply_to_list: body.reply_to ?? [],
      to_keys: [...new Set(recipients.map(({ address }) => addressKey(address)))],
      subject: body.subject ?? null,
      text_body: text,
      html_body: body.html ?? null,
      labels: body.labels ?? [],
      metadata: body.metadata ?? {},
      attachments,
      own_message_id: ownMessageId,
      received_id: null,
      in_reply_to: body.in_reply_to ?? null,
      reference_ids: body.references ?? [],
      authentication: null,
      client_id: body.client_id ?? null,
      send_at: sendAt,
      content_hash: hash,
      raw_sha256: carried.sha256,
      raw_size: carried.sizeBytes,
      requested_by: context.keyId,
      created_at: now,
      version: 1,
      stage: scheduled ? 'scheduled' : 'queued',
      delivery_status: scheduled ? 'scheduled' : 'queued',
      security_status: 'pending',
      security: null,
      recipients,
      approval: null,
      provider_message_id: null,
      wire_message_id: null,
      updated_at: now,
    };
    const fact = this.outbox.row(
      MessageAcceptedV1,
      {
        organizationId: context.organizationId,
        mode: context.mode,
        data: {
          message: toSummary(message),
          dispatch: {
            messageId,
            version: 1,
            envelope,
            content: carried,
            contentHash: hash,
            notBefore: notBefore.toISOString(),
            inDoubt: input.inDoubt,
          },
          securityLevel: inbox.security_level,
          onFlagged: inbox.on_flagged,
          requestedBy: context.keyId,
        },
      },
      { fair: true },
    );
    return {
      context,
      message,
      rawInline: carried.inline === undefined ? null : mime,
      fact,
      limits: dailyLimitsOf(context, inbox, input.sendsPerDay),
    };
  }

  private async keepAttachments(context: CommandContext, { body }: Input): Promise<StoredAttachment[]> {
    return Promise.all(
      (body.attachments ?? []).map(async (attachment) => {
        const stored = await keep(this.content, context.organizationId, Buffer.from(attachment.content, 'base64'));
        return {
          id: newId('att'),
          filename: attachment.filename,
          content_type: attachment.content_type,
          size: stored.sizeBytes,
          disposition: attachment.content_id === undefined ? ('attachment' as const) : ('inline' as const),
          content_id: attachment.content_id ?? null,
          sha256: stored.sha256,
        };
      }),
    );
  }
}

/** @throws AppError `inbox_paused` or `level_insufficient`. */
function mayBeSentFrom({ inbox }: Admission): void {
  if (inbox.security_level === 'receive_only' || inbox.security_level === 'ai_protected') throw levelInsufficient();
  if (inbox.status === 'paused') throw conflict('inbox_paused', 'Resume the inbox before sending from it.');
}

/**
 * One row per recipient. Blocked ones refuse the whole message, or are left out when the caller asked for that.
 * @throws AppError `recipients_blocked`, also when nobody would be left.
 */
function outcomes({ body }: Input, { blocked }: Admission, now: Date): Recipient[] {
  const reasons = new Map(blocked.map(({ address, reason }) => [address, reason]));
  const roles = [
    ...body.to.map(({ address }) => ({ address, role: 'to' as const })),
    ...(body.cc ?? []).map(({ address }) => ({ address, role: 'cc' as const })),
    ...(body.bcc ?? []).map(({ address }) => ({ address, role: 'bcc' as const })),
  ];
  // An address that is named twice gets one copy, in its first role.
  const unique = [...new Map(roles.toReversed().map((one) => [addressKey(one.address), one])).values()].toReversed();
  const rows = unique.map(({ address, role }): Recipient => {
    const reason = reasons.get(addressKey(address)) ?? null;
    return {
      address,
      role,
      status: reason === null ? 'queued' : 'skipped',
      reason,
      smtp_response: null,
      updated_at: now.toISOString(),
    };
  });
  const refused = rows.flatMap(({ address }) => {
    const reason = reasons.get(addressKey(address));
    return reason === undefined ? [] : [{ address, reason }];
  });
  if (refused.length > 0 && (body.on_blocked_recipient !== 'skip' || refused.length === rows.length)) {
    throw recipientsBlocked(refused);
  }
  return rows;
}
