import { Inject, Injectable } from '@nestjs/common';
import {
  addToContext,
  CONFIG,
  counter,
  LOGGER,
  maskAddress,
  newRequestId,
  newTraceparent,
  runInContext,
  wideLine,
  type Logger,
  type WideLine,
} from '@postern/platform';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { IngestConfig } from '../ingest.settings.js';
import { Intake } from '../intake/intake.js';
import { PrepareMails, type IncomingMail } from '../receive/prepare-mails.js';
import { RecipientLookup, type Owner } from '../recipients/recipient-lookup.js';
import { hasOnlyCrLf } from './line-ends.js';
import { OctetBudget } from './octet-budget.js';
import { withData } from './read-data.js';
import { TenantLimits } from './tenant-limits.js';
import {
  bareLineEnd,
  directoryAway,
  noSuchMailbox,
  notStored,
  type SmtpReply,
  tenantBusy,
  tooManyUnknown,
} from './smtp-reply.js';

/** RFC 1870: what EHLO names as SIZE, 25 MiB. */
export const MESSAGE_MAX_BYTES = 26_214_400;
/** Of all connections together. */
const HELD_MAX_BYTES = 256 * 1024 * 1024;
/** RFC 5321 §4.5.3.2.5 gives one block 3 minutes; at 25 MiB in 10 minutes a line still needs only 350 kbit/s. */
const DATA_MAX_MS = 10 * 60 * 1000;
/** A client that guesses addresses is sent away. */
const UNKNOWN_MAX = 10;

/** What happens at RCPT and DATA. Answers are data: null is yes. */
@Injectable()
export class SmtpSession {
  private readonly owners = new WeakMap<SMTPServerAddress, Owner>();
  private readonly unknown = new WeakMap<SMTPServerSession, number>();
  private readonly budget = new OctetBudget(HELD_MAX_BYTES);
  private readonly tenants: TenantLimits;
  private readonly ended = counter('postern_ingest_smtp_messages_total', 'Messages that came by SMTP.', ['code']);

  constructor(
    private readonly recipients: RecipientLookup,
    private readonly mails: PrepareMails,
    private readonly intake: Intake,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) config: IngestConfig,
  ) {
    this.tenants = new TenantLimits(config.SMTP_MAX_CONNECTIONS_PER_TENANT, config.SMTP_TENANT_MESSAGES_PER_MINUTE);
  }

  /** RCPT: takes the recipient when it is an inbox of ours. */
  async addRecipient(recipient: SMTPServerAddress, session: SMTPServerSession): Promise<SmtpReply | null> {
    try {
      const owner = await this.recipients.ownerOf(recipient.address);
      if (owner === null) return this.unknownRecipient(session);
      if (!this.tenants.enter(session, owner)) return tenantBusy();
      this.owners.set(recipient, owner);
      return null;
    } catch (error) {
      this.logger.warn({ what: 'smtp.recipient_lookup', recipient: maskAddress(recipient.address), err: error });
      return directoryAway();
    }
  }

  /** DATA: when the answer is yes, the mail is committed for every recipient. */
  async takeMessage(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<SmtpReply | null> {
    const limits = { maxBytes: MESSAGE_MAX_BYTES, maxMs: DATA_MAX_MS, budget: this.budget };
    const reply = await runInContext({ requestId: newRequestId(), traceparent: newTraceparent() }, () =>
      withData(stream, limits, (raw) => this.storeOrRefuse(raw, session)),
    );
    this.tenants.leave(session);
    this.ended.inc({ code: String(reply?.responseCode ?? 250) });
    return reply;
  }

  /** The connection is closed. */
  leave(session: SMTPServerSession): void {
    this.tenants.leave(session);
  }

  private unknownRecipient(session: SMTPServerSession): SmtpReply {
    const unknown = (this.unknown.get(session) ?? 0) + 1;
    this.unknown.set(session, unknown);
    return unknown > UNKNOWN_MAX ? tooManyUnknown() : noSuchMailbox();
  }

  private async storeOrRefuse(raw: Buffer, session: SMTPServerSession): Promise<SmtpReply | null> {
    try {
      return await wideLine(this.logger, 'smtp.message', async (line) => {
        line.add({ sizeBytes: raw.byteLength, recipientCount: session.envelope.rcptTo.length });
        if (hasOnlyCrLf(raw)) return await this.store(raw, session, line);
        line.add({ refused: 'bare_line_end' });
        return bareLineEnd();
      });
    } catch {
      // The line above has told what happened; the client keeps the mail.
      return notStored();
    }
  }

  private async store(raw: Buffer, session: SMTPServerSession, line: WideLine): Promise<null> {
    const { envelope } = session;
    const mailFrom = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const recipients: IncomingMail['recipients'] = envelope.rcptTo.flatMap((recipient) => {
      const owner = this.owners.get(recipient);
      return owner === undefined ? [] : { owner, address: recipient.address };
    });
    const [first] = recipients;
    if (recipients.length === 1 && first !== undefined) addToContext(first.owner);
    const mails = await this.mails.prepare({
      raw,
      mailFrom,
      recipients,
      via: 'smtp',
      client: { ip: session.remoteAddress, helo: session.hostNameAppearsAs || '' },
      authentication: null,
      receivedAt: new Date(),
    });
    const { newMails } = await this.intake.take({ notification: null, facts: [], mails });
    line.add({ sender: maskAddress(mailFrom), mails: mails.length, newMails });
    return null;
  }
}
