import type { Relay } from './relay-settings.js';
import { type Letter, RelaySession, type Transaction } from './relay-session.js';

/** Relays end sessions after some time of silence; ours ends before theirs (RFC 5321 §4.5.3.2.7: 5 minutes at least). */
const IDLE_MS = 60_000;
/** Some relays count messages per session. */
const TRANSACTIONS_MAX = 100;

interface Idle {
  session: RelaySession;
  used: number;
  sinceMs: number;
}

/** Sessions that are kept for the next message. How many there are at once is for the caller to bound. */
export class RelayPool {
  private readonly idle: Idle[] = [];

  constructor(private readonly relay: Relay) {}

  /** Hands one message over, on a session that is open or a new one; never throws. */
  async transact(letter: Letter): Promise<Transaction> {
    const kept = this.take();
    if (kept !== undefined) {
      const result = await this.on(kept, letter);
      if (!wasStale(result)) return result;
    }
    if (!letter.mayBegin()) return 'unused';
    try {
      const session = await RelaySession.open(this.relay);
      return await this.on({ session, used: 0, sinceMs: performance.now() }, letter);
    } catch (error) {
      return { failure: { error, complete: false } };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map(({ session }) => session.close()));
  }

  private take(): Idle | undefined {
    for (let last = this.idle.pop(); last !== undefined; last = this.idle.pop()) {
      if (last.session.usable && performance.now() - last.sinceMs < IDLE_MS) return last;
      void last.session.close();
    }
    return undefined;
  }

  private async on({ session, used, sinceMs }: Idle, letter: Letter): Promise<Transaction> {
    if (!letter.mayBegin()) {
      this.idle.push({ session, used, sinceMs });
      return 'unused';
    }
    const result = await session.transact(letter);
    // After anything but a yes nobody knows what the session waits for.
    if (typeof result === 'object' && 'reply' in result && session.usable && used + 1 < TRANSACTIONS_MAX) {
      this.idle.push({ session, used: used + 1, sinceMs: performance.now() });
    } else {
      void session.close();
    }
    return result;
  }
}

/** A kept session that the relay had ended in the meantime: nothing was said, so nothing was sent. */
function wasStale(result: Transaction): boolean {
  if (typeof result !== 'object' || !('failure' in result) || result.failure.complete) return false;
  const { responseCode } = (result.failure.error ?? {}) as { responseCode?: unknown };
  return typeof responseCode !== 'number' || responseCode === GOODBYE;
}

/** RFC 5321 §4.2.3: the service closes the transmission channel. */
const GOODBYE = 421;
