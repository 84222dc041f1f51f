import { once } from 'node:events';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Relay } from './relay-settings.js';
import type { SmtpFailure, SmtpReply } from './smtp-outcome.js';

/** A message for the relay. */
export interface Letter {
  from: string;
  to: readonly string[];
  /** The finished MIME. */
  raw: Buffer;
  /** Asked before each step on the way to the content, and again right before the first octet of that leaves. */
  mayBegin: () => boolean;
}

/** What became of one SMTP transaction. `unused`: it had become too late, and nothing of the content has left. */
export type Transaction = { reply: SmtpReply } | { failure: SmtpFailure } | 'unused';

/** One connection to the relay, logged in, for one transaction after the other. */
export class RelaySession {
  private constructor(
    private readonly connection: SMTPConnection,
    private readonly stepMs: number,
  ) {}

  /** @throws SmtpFailure's error when the relay cannot be reached, is too slow, or does not let us in. */
  static async open({ connection: options, login, stepMs }: Relay): Promise<RelaySession> {
    const connection = new SMTPConnection({ ...options, logger: false });
    // An error that nobody waits for any more must not end the process; the transaction under way gets it, too.
    connection.on('error', () => undefined);
    let timer: NodeJS.Timeout | undefined;
    try {
      await settled((done) => {
        timer = setTimeout(() => done(tooSlow()), stepMs);
        connection.once('error', done);
        connection.connect((error) => {
          if (error || login === null) done(error);
          else connection.login(login, done);
        });
      });
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return new RelaySession(connection, stepMs);
  }

  get usable(): boolean {
    return !this.connection.destroyed;
  }

  /** Hands one message over; never throws. Takes at most one step's time to the content, and one from there. */
  async transact({ from, to, raw, mayBegin }: Letter): Promise<Transaction> {
    const { connection, stepMs } = this;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let isTooLate = false;
      const end = (result: Transaction): void => {
        clearTimeout(timer);
        resolve(result);
      };
      const hangUp = (result: Transaction): void => {
        connection.close();
        end(result);
      };
      // The dot that ends a message goes out after its last octet was read: before that no server may take it
      // (RFC 5321 §4.1.1.4), after that silence says nothing.
      const failed = (error: unknown): Transaction => ({ failure: { error, complete: body.readableEnded } });
      // The time-outs of the connection begin anew with each octet; a lease does not.
      const watch = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => hangUp(failed(tooSlow())), stepMs);
      };
      // Read when the relay says that it waits for the content (RFC 5321 §4.1.1.4: 354), and not before.
      const content = function* (): Generator<Buffer> {
        isTooLate = !mayBegin();
        if (isTooLate) throw new Error('too late to begin');
        watch();
        yield raw;
      };
      const body = Readable.from(content());
      watch();
      connection.send({ from, to: [...to], size: raw.byteLength }, body, (error, info) => {
        if (isTooLate) hangUp('unused');
        else if (error) end(failed(error));
        else end({ reply: { response: info?.response ?? '', refused: refusedOf(info) } });
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

/** As the connection's own time-outs. */
const tooSlow = (): Error => Object.assign(new Error('the relay took too long'), { code: 'ETIMEDOUT' });

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
