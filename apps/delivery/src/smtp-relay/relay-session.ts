import { once } from 'node:events';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Relay } from './relay-settings.js';
import type { SmtpFailure, SmtpReply } from './smtp-outcome.js';

/** What became of one SMTP transaction. */
export type Transaction = { reply: SmtpReply } | { failure: SmtpFailure };

/** One connection to the relay, logged in, for one transaction after the other. */
export class RelaySession {
  private constructor(private readonly connection: SMTPConnection) {}

  /** @throws SmtpFailure's error when the relay cannot be reached, or does not let us in. */
  static async open({ connection: options, login }: Relay): Promise<RelaySession> {
    const connection = new SMTPConnection({ ...options, logger: false });
    // An error that nobody waits for any more must not end the process; the transaction under way gets it, too.
    connection.on('error', () => undefined);
    try {
      await settled((done) => {
        connection.once('error', done);
        connection.connect(done);
      });
      if (login !== null) await settled((done) => connection.login(login, done));
    } catch (error) {
      connection.close();
      throw error;
    }
    return new RelaySession(connection);
  }

  get usable(): boolean {
    return !this.connection.destroyed;
  }

  /** Hands one message over; never throws. @param raw  the finished MIME. */
  async transact(from: string, to: readonly string[], raw: Buffer): Promise<Transaction> {
    const body = Readable.from([raw]);
    return new Promise((resolve) => {
      const envelope = { from, to: [...to], size: raw.byteLength };
      this.connection.send(envelope, body, (error, info) => {
        // The dot that ends a message goes out after its last octet was read: before that no server may take it
        // (RFC 5321 §4.1.1.4), after that silence says nothing.
        if (error) resolve({ failure: { error, complete: body.readableEnded } });
        else resolve({ reply: { response: info?.response ?? '', refused: refusedOf(info) } });
      });
    });
  }

  /** Says goodbye, or hangs up when that takes too long. */
  async close(): Promise<void> {
    if (!this.usable) return;
    const ended = once(this.connection, 'end', { signal: AbortSignal.timeout(QUIT_MS) });
    this.connection.quit();
    await ended.catch(() => this.connection.close());
  }
}

const QUIT_MS = 1_000;

const settled = (start: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

/** Recipients that the relay refused while it took the message for the others. */
function refusedOf(info: { rejectedErrors?: unknown } | undefined): SmtpReply['refused'] {
  const errors = (info?.rejectedErrors ?? []) as { recipient?: string; response?: string; responseCode?: number }[];
  return errors.map(({ recipient = '', response = '', responseCode = 0 }) => ({
    address: recipient,
    response,
    permanent: responseCode >= 500,
  }));
}
