import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, LOGGER, pollLoop, type Logger, type Wakeable } from '@postern/platform';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import type { IngestConfig } from '../ingest.settings.js';
import { type Certificate, readCertificate } from './certificate.js';
import { clientKey } from './client-key.js';
import { ConnectionLimits } from './connection-limits.js';
import { RateLimit } from './rate-limit.js';
import { type SmtpReply, tooManyConnections, tooManyMessages } from './smtp-reply.js';
import { MESSAGE_MAX_BYTES, SmtpSession } from './smtp-session.js';

const RECIPIENTS_MAX = 50;
/** RFC 5321 §4.5.3.2.7: a server waits at least 5 minutes for the next command. */
const IDLE_MAX_MS = 5 * 60 * 1000;
/** A stop lets messages under way end; well below the time that the whole process has for it. */
const CLOSE_MS = 4_000;
/** RFC 8996: older ones are not to be used. */
const TLS_MIN = 'TLSv1.2';
/** Certificates are renewed days before they end. */
const CERTIFICATE_LOOK_MS = 3600 * 1000;

/** The SMTP port. It authenticates nobody and relays nothing: it takes mail for our inboxes only. */
@Injectable()
export class SmtpListener implements OnModuleDestroy {
  private readonly limits: ConnectionLimits;
  private readonly connects: RateLimit;
  private readonly messages: RateLimit;
  private readonly entered = new WeakSet<SMTPServerSession>();
  private server: SMTPServer | null = null;
  private renewal: Wakeable | null = null;

  constructor(
    private readonly session: SmtpSession,
    @Inject(CONFIG) private readonly config: IngestConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.limits = new ConnectionLimits(config.SMTP_MAX_CONNECTIONS, config.SMTP_MAX_CONNECTIONS_PER_CLIENT);
    this.connects = new RateLimit(config.SMTP_CLIENT_CONNECTIONS_PER_MINUTE);
    this.messages = new RateLimit(config.SMTP_CLIENT_MESSAGES_PER_MINUTE);
  }

  /** @returns the port, which differs from the setting when that is 0. */
  async listen(): Promise<number> {
    const certificate = await readCertificate(this.config);
    if (certificate === null) this.logger.warn({ what: 'smtp.no_certificate' }, 'STARTTLS is not offered');
    const server = new SMTPServer(this.options(certificate));
    server.on('error', (error) => {
      // A client that goes away in the middle of a command is the network's everyday life.
      this.logger.debug({ what: 'smtp.connection_error', err: error });
    });
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(this.config.SMTP_PORT, this.config.SMTP_HOST, () => {
        server.server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    if (this.config.SMTP_TLS_CERT_FILE !== undefined) this.renewal = this.watchCertificate(server);
    return this.port;
  }

  get port(): number {
    const address = this.server?.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.config.SMTP_PORT;
  }

  /** Takes no more connections, sends idle ones away, and waits for the messages under way. */
  async onModuleDestroy(): Promise<void> {
    const { server, renewal } = this;
    if (server === null) return;
    this.server = null;
    await renewal?.stop();
    const closed = new Promise<void>((resolve) => server.close(resolve));
    for (const connection of server.connections) {
      const { envelope } = connection.session as { envelope?: { mailFrom: unknown } };
      if (!envelope?.mailFrom) connection.send(421, '4.3.2 The service is stopping, try again later', false);
    }
    await closed;
  }

  /** New connections get what the files say now. Broken files change nothing. */
  private watchCertificate(server: SMTPServer): Wakeable {
    return pollLoop({
      intervalMs: CERTIFICATE_LOOK_MS,
      work: async () => {
        const certificate = await readCertificate(this.config);
        if (certificate !== null) server.updateSecureContext({ ...certificate, minVersion: TLS_MIN });
        return false;
      },
      onError: (error) => this.logger.error({ what: 'smtp.certificate', err: error }),
    });
  }

  private options(certificate: Certificate | null): SMTPServerOptions {
    return {
      name: this.config.POSTERN_DOMAIN,
      // Without the product's and the host's name in it.
      banner: 'ready',
      heloResponse: '%s',
      size: MESSAGE_MAX_BYTES,
      maxRecipients: RECIPIENTS_MAX,
      ...(certificate !== null && { ...certificate, minVersion: TLS_MIN }),
      // Mail from other servers comes without a login.
      authOptional: true,
      disabledCommands: [
        ...(certificate === null ? ['STARTTLS'] : []),
        'AUTH',
        'XCLIENT',
        'XFORWARD',
        'WIZ',
        'SHELL',
        'KILL',
      ],
      disableReverseLookup: true,
      // The library knows one enhanced code for each basic code; our answers carry their own.
      hideENHANCEDSTATUSCODES: true,
      // Mail ends here: it is never handed on, with TLS or without, and nobody is told that it arrived.
      hideREQUIRETLS: true,
      hideDSN: true,
      socketTimeout: IDLE_MAX_MS,
      closeTimeout: CLOSE_MS,
      logger: false,
      onConnect: (session, callback) => callback(this.enter(session) ? null : tooManyConnections()),
      onClose: (session) => this.leave(session),
      onMailFrom: (_, session, callback) => callback(this.mayBegin(session) ? null : tooManyMessages()),
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

  private mayBegin({ remoteAddress }: SMTPServerSession): boolean {
    return this.messages.take(clientKey(remoteAddress));
  }

  private enter(session: SMTPServerSession): boolean {
    const client = clientKey(session.remoteAddress);
    const entered = this.connects.take(client) && this.limits.enter(client);
    if (entered) this.entered.add(session);
    return entered;
  }

  /** A connection may also close before it was let in. */
  private leave(session: SMTPServerSession): void {
    this.session.leave(session);
    if (this.entered.delete(session)) this.limits.leave(clientKey(session.remoteAddress));
  }
}
