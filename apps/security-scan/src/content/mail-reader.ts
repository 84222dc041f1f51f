import { Injectable } from '@nestjs/common';
import type { Content, InboundMail, MessageEdit, MessageId, Mode, OrganizationId } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import { ExtractorPool } from '../extract/extractor-pool.js';
import { MailReading } from '../extract/mail-reading.js';
import { carriedTexts } from '../normalise/carried-texts.js';
import { scannedFromInbound } from '../normalise/from-inbound.js';
import { scannedFromMime } from '../normalise/from-mime.js';
import type { ScannedMail } from '../normalise/scanned-mail.js';
import { ExtractedTextStore, type ExtractedText } from '../store/extracted-text.store.js';
import { VerifiedContent } from './verified-content.js';

export interface Tenant {
  organizationId: OrganizationId;
  mode: Mode;
}

/** A mail in the form that checks read, and what of its attachments' texts is worth keeping. */
export interface ReadMail {
  mail: ScannedMail;
  texts: ExtractedText[];
}

/** A mail that somebody asks about, with all its octets. */
export interface GivenMail {
  mail: InboundMail;
  raw: Uint8Array;
  /** In the order in which the mail names them. */
  attachments: readonly Uint8Array[];
}

/** Brings mails into the form that checks read, documents among their attachments included. */
@Injectable()
export class MailReader {
  constructor(
    private readonly content: VerifiedContent,
    private readonly pool: ExtractorPool,
    private readonly texts: ExtractedTextStore,
    private readonly database: Database,
  ) {}

  /** @throws as {@link VerifiedContent.load} */
  octets({ organizationId }: Tenant, content: Content): Promise<Buffer> {
    return this.content.load(organizationId, content);
  }

  /** Stores nothing. @throws AppError `unavailable` when documents cannot be read at all for the moment. */
  async outbound(tenant: Tenant, mime: Uint8Array): Promise<ReadMail> {
    const reading = this.readingOf(tenant);
    const mail = await scannedFromMime(mime, (attachment) => reading.read(attachment));
    return { mail, texts: reading.lasting };
  }

  /** Stores nothing. @throws as {@link outbound} and {@link octets} */
  async inbound(tenant: Tenant, mail: InboundMail, raw: Content): Promise<ReadMail> {
    const reading = this.readingOf(tenant);
    const scanned = await scannedFromInbound({
      mail,
      raw: await this.octets(tenant, raw),
      attachment: async (index) => {
        const attachment = mail.attachments[index];
        return attachment === undefined ? new Uint8Array() : this.octets(tenant, attachment.content);
      },
      readDocument: (attachment) => reading.read(attachment),
    });
    return { mail: scanned, texts: reading.lasting };
  }

  /** Stores nothing, reads nothing that is stored of mails. @throws as {@link outbound} */
  async given(tenant: Tenant, { mail, raw, attachments }: GivenMail): Promise<ScannedMail> {
    const reading = this.readingOf(tenant);
    return scannedFromInbound({
      mail,
      raw,
      attachment: async (index) => attachments[index] ?? new Uint8Array(),
      readDocument: (attachment) => reading.read(attachment),
    });
  }

  /** The texts of a mail's attachments for a fact; undefined when there are none. */
  async carry({ organizationId }: Tenant, mail: ScannedMail): Promise<Content | undefined> {
    const texts = carriedTexts(mail);
    return texts.length === 0 ? undefined : this.content.carry(organizationId, Buffer.from(JSON.stringify(texts)));
  }

  /** Another wording of a message for a fact. */
  carryEdit({ organizationId }: Tenant, edit: MessageEdit): Promise<Content> {
    return this.content.carry(organizationId, Buffer.from(JSON.stringify(edit)));
  }

  /** Keeps texts for the next time that the same attachment comes, as long as one of their messages exists. */
  async keep(tx: Tx, messages: readonly { messageId: MessageId; texts: readonly ExtractedText[] }[]): Promise<void> {
    await this.texts.insert(
      tx,
      messages.flatMap(({ messageId, texts }) => texts.map((text) => ({ ...text, message_id: messageId }))),
    );
  }

  private readingOf({ organizationId, mode }: Tenant): MailReading {
    return new MailReading(
      { organization_id: organizationId, mode },
      {
        find: (key) => this.texts.find(this.database, key),
        extract: (job) => this.pool.read(job),
      },
    );
  }
}
