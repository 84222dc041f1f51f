import { Inject, Injectable } from '@nestjs/common';
import {
  FeedbackUntaggedV1,
  InboundMail,
  MailReceivedV1,
  newId,
  type Content,
  type MailReceived,
} from '@postern/contracts';
import { carry, CONTENT_STORE, keep, Outbox, sha256, type ContentStore } from '@postern/eventing';
import { childTraceparent, newTraceparent } from '@postern/platform';
import { authenticationOf, type Checked } from '../authenticate/alignment.js';
import { AuthenticateMail, type SmtpClient } from '../authenticate/authenticate-mail.js';
import { mayTell, toldFeedback } from '../feedback/told-feedback.js';
import type { Arrival } from '../intake/intake.js';
import { readKinds } from '../mail/kinds.js';
import { MailReaders } from '../mail/mail-readers.js';
import type { ParsedMail } from '../mail/parse-job.js';
import { readReport } from '../mail/report.js';
import type { Owner } from '../recipients/recipient-lookup.js';
import { storeAttachments } from './store-attachments.js';

/** A mail with its envelope, for inboxes of ours. */
export interface IncomingMail {
  raw: Buffer;
  /** Empty for bounces. */
  mailFrom: string;
  /** Whom it is for, and the address that was given; each inbox gets one copy. */
  recipients: { owner: Owner; address: string }[];
  via: MailReceived['via'];
  /** By SMTP: who handed it over, for the checks that are made here. */
  client?: SmtpClient;
  /** What another has checked already: SES. */
  authentication: InboundMail['authentication'];
  /** By SES. */
  providerScan?: InboundMail['providerScan'];
  receivedAt: Date;
}

/** A parsed mail in the content store. */
interface StoredMail {
  parsed: Content;
  /** Everything that had to be stored for it. */
  named: string[];
}

/** Turns a mail into what is committed for it: it is stored raw, then parsed, and what came of that is stored. */
@Injectable()
export class PrepareMails {
  constructor(
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
    private readonly outbox: Outbox,
    private readonly authenticate: AuthenticateMail,
    private readonly readers: MailReaders,
  ) {}

  /** Safe to repeat: content is stored under its hash, and what is never committed is collected later. */
  async prepare(mail: IncomingMail): Promise<Arrival['mails']> {
    const rawSha256 = sha256(mail.raw);
    const copies = firstPerInbox(mail.recipients);
    const rawOf = new Map<string, Content>();
    for (const organizationId of new Set(copies.map(({ owner }) => owner.organizationId))) {
      rawOf.set(organizationId, await keep(this.content, organizationId, mail.raw));
    }
    const [parsed, checked] = await Promise.all([this.readers.read(mail.raw), this.check(mail)]);
    const about = {
      authentication: authenticationOf(checked, parsed),
      providerScan: mail.providerScan ?? null,
      ...readKinds(
        mail.raw,
        mail.mailFrom,
        parsed.attachments.map(({ contentType }) => contentType),
      ),
    };
    const stored = new Map<string, StoredMail & { raw: Content }>();
    for (const [organizationId, rawContent] of rawOf) {
      stored.set(organizationId, {
        raw: rawContent,
        ...(await this.storeParsed(organizationId, parsed, about)),
      });
    }
    const aligned = about.authentication?.aligned === true;
    const told = readReport(parsed.attachments);
    const news = told?.news.filter(({ kind }) => mayTell(kind, { mailFrom: mail.mailFrom, aligned })) ?? [];
    const trace = newTraceparent();
    return copies.flatMap(({ owner, address }) => {
      const content = stored.get(owner.organizationId);
      if (content === undefined) return [];
      const { named, ...carried } = content;
      const { organizationId, mode, inboxId, securityLevel } = owner;
      const id = newId('mail');
      const { mailFrom, via, receivedAt } = mail;
      const origin = { organizationId, mode, correlationId: id, traceparent: childTraceparent(trace) };
      const feedback = told === null ? [] : toldFeedback({ ...told, news }, inboxId, receivedAt);
      return {
        row: {
          organizationId,
          mode,
          id,
          inboxId,
          rawSha256,
          sizeBytes: mail.raw.byteLength,
          contents: [rawSha256, ...named],
          mailFrom,
          recipient: address,
          via,
          receivedAt,
        },
        facts: [
          this.outbox.row(MailReceivedV1, {
            ...origin,
            data: {
              mailId: id,
              inboxId,
              securityLevel,
              recipient: address,
              mailFrom,
              via,
              receivedAt: receivedAt.toISOString(),
              ...carried,
            },
          }),
          ...feedback.map((data) => this.outbox.row(FeedbackUntaggedV1, { ...origin, data })),
        ],
      };
    });
  }

  private async check({ raw, mailFrom, client, authentication }: IncomingMail): Promise<Checked | null> {
    if (client !== undefined) return this.authenticate.check(raw, { ...client, mailFrom });
    return authentication === null ? null : { results: authentication, author: null };
  }

  private async storeParsed(
    organizationId: string,
    { attachments, ...mail }: ParsedMail,
    about: Pick<InboundMail, 'authentication' | 'providerScan' | 'automatic' | 'kinds'>,
  ): Promise<StoredMail> {
    const kept = await storeAttachments(this.content, organizationId, attachments);
    const inbound = InboundMail.parse({ ...mail, attachments: kept, ...about });
    const content = await carry(this.content, organizationId, Buffer.from(JSON.stringify(inbound)));
    const named = kept.map((attachment) => attachment.content.sha256);
    return { parsed: content, named: content.inline === undefined ? [...named, content.sha256] : named };
  }
}

function firstPerInbox(recipients: IncomingMail['recipients']): IncomingMail['recipients'] {
  return [
    ...new Map(recipients.toReversed().map((recipient) => [recipient.owner.inboxId, recipient])).values(),
  ].toReversed();
}
