import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, LOGGER, type Logger } from '@postern/platform';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import type { IngestConfig } from '../ingest.settings.js';
import { ConnectionLimits } from './connection-limits.js';
import { type SmtpReply, tooManyConnections } from './smtp-reply.js';
import { MESSAGE_MAX_BYTES, SmtpSession } from './smtp-session.js';

const RECIPIENTS_MAX = 50;
/** RFC 5321 §4.5.3.2.7: a server waits at least 5 minutes for the next command. */
const IDLE_MAX_MS = 5 * 60 * 1000;
/** A stop lets messages under way end; well below the time that the whole process has for it. */
const CLOSE_MS = 4_000;

/** The SMTP port. It authenticates nobody and relays nothing: it takes mail for our inboxes only. */
@Injectable()
export class SmtpListener implements OnModuleDestroy {
  private readonly server: SMTPServer;
  private readonly limits: ConnectionLimits;
  private readonly entered = new WeakSet<SMTPServerSession>();
  private listening = false;

  constructor(
    private readonly session: SmtpSession,
    @Inject(CONFIG) private readonly config: IngestConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.limits = new ConnectionLimits(config.SMTP_MAX_CONNECTIONS, config.SMTP_MAX_CONNECTIONS_PER_CLIENT);
    this.server = new SMTPServer(this.options());
    this.server.on('error', (error) => {
      // A client that goes away in the middle of a command is the network's everyday life.
      this.logger.debug({ what: 'smtp.connection_error', err: error });
    });
  }

  /** @returns the port, which differs from the setting when that is 0. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(this.config.SMTP_PORT, this.config.SMTP_HOST, () => {
        this.server.server.off('error', reject);
        resolve();
      });
    });
    this.listening = true;
    return this.port;
  }

  get port(): number {
    const address = this.server.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.config.SMTP_PORT;
  }

  /** Takes no more connections, sends idle ones away, and waits for the messages under way. */
  async onModuleDestroy(): Promise<void> {
    if (!this.listening) return;
    this.listening = false;
    const closed = new Promise<void>((resolve) => this.server.close(resolve));
    for (const connection of this.server.connections) {
      const { envelope } = connection.session as { envelope?: { mailFrom: unknown } };
      if (!envelope?.mailFrom) connection.send(421, '4.3.2 The service is stopping, try again later', false);
    }
    await closed;
  }

  private options(): SMTPServerOptions {
    return {
      name: this.config.POSTERN_DOMAIN,
      // Without the product's and the host's name in it.
      banner: 'ready',
      heloResponse: '%s',
      size: MESSAGE_MAX_BYTES,
      maxRecipients: RECIPIENTS_MAX,
      // Mail from other servers comes without a login; without a certificate of the operator there is no STARTTLS.
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'],
      disableReverseLookup: true,
      // The library knows one enhanced code for each basic code; our answers carry their own.
      hideENHANCEDSTATUSCODES: true,
      hideSMTPUTF8: true,
      socketTimeout: IDLE_MAX_MS,
      closeTimeout: CLOSE_MS,
      logger: false,
      onConnect: (session, callback) => callback(this.enter(session) ? null : tooManyConnections()),
      onClose: (session) => this.leave(session),
      onRcptTo: (recipient, session, callback) => void this.addRecipient(recipient, session, callback),
      onData: (stream, session, callback) => void this.takeMessage(stream, session, callback),
    };
  }

  private async addRecipient(
    recipient: SMTPServerAddress,
    session: SMTPServerSession,
    answer: (refusal: SmtpReply | null) => void,
  ): Promise<void> {
    answer(await this.session.addRecipient(recipient, session));
  }

  private async takeMessage(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    answer: (refusal: SmtpReply | null, sentence: string) => void,
  ): Promise<void> {
    answer(await this.session.takeMessage(stream, session), '2.0.0 Stored');
  }

  private enter(session: SMTPServerSession): boolean {
    const entered = this.limits.enter(session.remoteAddress);
    if (entered) this.entered.add(session);
    return entered;
  }

  /** A connection may also close before it was let in. */
  private leave(session: SMTPServerSession): void {
    if (this.entered.delete(session)) this.limits.leave(session.remoteAddress);
  }
}
