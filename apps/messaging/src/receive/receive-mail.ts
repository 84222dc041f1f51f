import { Inject, Injectable } from '@nestjs/common';
import {
  addressKey,
  InboundMail,
  MessageReceivedV1,
  MessageStatusChangedV1,
  newId,
  sameIdAs,
  timeOf,
  type Content,
  type Fact,
  type ScanInboundCompletedV1,
  type ThreadId,
} from '@postern/contracts';
import { carry, causedBy, CONTENT_STORE, load, Outbox, type ContentStore } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { shownContent, type ShownContent } from '../sanitise/shown-content.js';
import { AcceptStore } from '../store/accept.store.js';
import { toSummary, withoutContent } from '../store/message.mapper.js';
import type { MessageWithState } from '../store/message.row.js';
import { StateStore } from '../store/state.store.js';
import { announcedBody } from './announced-body.js';
import { MailArrived } from './mail-arrived.js';
import { MailThreads } from './mail-threads.js';

type Completed = Fact<typeof ScanInboundCompletedV1>;

/** A scanned mail with everything that is needed to store it, read before the transaction. */
export interface ReadyMail {
  fact: Completed;
  /** As it is shown. */
  mail: InboundMail;
  original: Pick<ShownContent, 'originalText' | 'originalHtml'>;
  raw: Buffer | null;
  body: Content | null;
}

/** Makes messages of scanned mail: finds the thread, stores, and tells. */
@Injectable()
export class ReceiveMail {
  constructor(
    private readonly accept: AcceptStore,
    private readonly threads: MailThreads,
    private readonly states: StateStore,
    private readonly arrived: MailArrived,
    private readonly outbox: Outbox,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /** Reads the content of a mail; no transaction is open yet. */
  async prepare(fact: Completed): Promise<ReadyMail> {
    const { received, securityStatus } = fact.data;
    const parsed = await load(this.content, fact.organizationId, received.parsed);
    const sent = InboundMail.parse(JSON.parse(parsed.toString('utf8')));
    const { originalText, originalHtml, ...shown } = await shownContent(sent);
    const mail = { ...sent, ...shown };
    const body =
      securityStatus === 'withheld'
        ? null
        : await carry(this.content, fact.organizationId, Buffer.from(JSON.stringify(announcedBody(mail))));
    const raw = received.raw.inline === undefined ? null : Buffer.from(received.raw.inline, 'base64');
    return { fact, mail, original: { originalText, originalHtml }, raw, body };
  }

  async store(tx: Tx, ready: ReadyMail[]): Promise<void> {
    const threads = await this.threads.find(tx, ready);
    const rows = ready.map((one, index) => ({ ...one, message: toRow(one, threads[index] as ThreadId) }));
    await this.accept.insert(
      tx,
      rows.map(({ message, raw, original }) => ({ message, rawInline: raw, original })),
    );
    await this.accept.hold(
      tx,
      rows.flatMap(({ message, body }) =>
        body === null || body.inline !== undefined ? [] : [{ message, sha256: body.sha256 }],
      ),
    );
    await this.arrived.note(tx, rows);
    await this.states.count(
      tx,
      rows.flatMap(({ message }) =>
        message.security_status === 'flagged' || message.security_status === 'withheld'
          ? [{ message, what: message.security_status }]
          : [],
      ),
    );
    await this.outbox.add(
      tx,
      MessageReceivedV1,
      rows.map(({ fact, message, body }) => ({
        ...causedBy(fact),
        data: {
          message: toSummary(shownInEvents(message)),
          version: message.version,
          announce: message.security_status === 'withheld' ? 'message.withheld' : 'message.received',
          body,
        },
      })),
    );
    await this.outbox.add(
      tx,
      MessageStatusChangedV1,
      rows
        .filter(({ message }) => message.security_status === 'flagged')
        .map(({ fact, message }) => ({
          ...causedBy(fact),
          data: { message: toSummary(message), version: message.version, announce: 'message.flagged', recipient: null },
        })),
    );
  }
}

/** A withheld message is announced without content. */
const shownInEvents = (message: MessageWithState): MessageWithState =>
  message.security_status === 'withheld' ? withoutContent(message) : message;

function toRow({ fact, mail }: ReadyMail, threadId: ThreadId): MessageWithState {
  const { received, security, securityStatus } = fact.data;
  const id = sameIdAs('msg', received.mailId);
  const createdAt = timeOf(id);
  return {
    organization_id: fact.organizationId,
    mode: fact.mode,
    id,
    inbox_id: received.inboxId,
    thread_id: threadId,
    direction: 'inbound',
    from_address: mail.from.address,
    from_name: mail.from.name,
    to_list: mail.to,
    cc_list: mail.cc,
    bcc_list: [],
    reply_to_list: mail.replyTo,
    to_keys: [
      ...new Set([...mail.to, ...mail.cc, { address: received.recipient }].map(({ address }) => addressKey(address))),
    ],
    subject: mail.subject,
    text_body: mail.text,
    html_body: mail.html,
    labels: [],
    metadata: {},
    attachments: mail.attachments.map((attachment) => ({
      id: newId('att'),
      filename: attachment.filename,
      content_type: attachment.contentType,
      detected_content_type: attachment.detectedContentType ?? null,
      size: attachment.content.sizeBytes,
      disposition: attachment.disposition,
      content_id: attachment.contentId,
      sha256: attachment.content.sha256,
    })),
    own_message_id: null,
    received_id: mail.messageIdHeader,
    in_reply_to: mail.inReplyTo[0] ?? null,
    reference_ids: mail.references,
    authentication: mail.authentication,
    kinds: mail.kinds ?? null,
    client_id: null,
    send_at: null,
    content_version: null,
    content_hash: null,
    custom_headers: null,
    raw_sha256: received.raw.sha256,
    raw_size: received.raw.sizeBytes,
    requested_by: null,
    created_at: createdAt,
    version: 1,
    stage: 'received',
    delivery_status: 'received',
    security_status: securityStatus,
    security,
    recipients: [],
    approval: null,
    provider_message_id: null,
    wire_message_id: null,
    updated_at: createdAt,
  };
}
