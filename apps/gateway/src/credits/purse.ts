import type { MessageId, OrganizationId } from '@postern/contracts';
import type { Standing } from './grant.js';
import type { Period } from './period.js';

/** An organization's credits of one month. Test mode has none: nothing is charged there. */
export interface Account {
  organizationId: OrganizationId;
  period: Period;
}

/** What a purse held when a look at the account began. */
export interface Held {
  unspent: number;
  pending: readonly MessageId[];
}

/** What came of a look. */
export interface Granted {
  standing: Standing;
  /** Messages that are charged now: their reservations have ended. */
  settled: readonly MessageId[];
  unspent: number;
  /** How many waited when the look began. */
  wanted: number;
  usableUntil: number;
}

/**
 * What this replica holds of one account: leased credits that are for no message yet, and those reserved for a message
 * that is not charged yet. All times are milliseconds of one clock.
 */
export class Purse {
  /** Requests that wait for a credit. */
  waiting = 0;
  /** The look at the account that is under way; never two at a time. */
  running: Promise<void> | undefined;
  /** Whether the account knows of a lease of ours. */
  leased = false;
  /** When a credit was last asked for, for a message. */
  lastTakenAt: number;
  /** When the account was last shown. */
  lastShownAt: number;
  /** Whether the last look granted fewer credits than waited for it. */
  isExhausted = false;
  standing: Standing | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private unspent = 0;
  private usableUntil = 0;
  private readonly pending = new Map<MessageId, number>();

  constructor(
    readonly account: Account,
    now: number,
  ) {
    this.lastTakenAt = now;
    this.lastShownAt = now;
  }

  /** Reserves a credit for a message. @returns false when none is at hand. */
  take(messageId: MessageId, now: number): boolean {
    this.lastTakenAt = now;
    if (this.unspent === 0 || now >= this.usableUntil) return false;
    this.unspent -= 1;
    this.pending.set(messageId, now);
    return true;
  }

  /** Gives a reservation back: its message was not accepted and never will be. */
  release(messageId: MessageId, now: number): void {
    if (!this.pending.delete(messageId)) return;
    // After the lease's end somebody else may have been granted the credit; over a lowered limit it is nobody's.
    if (now < this.usableUntil && this.free >= 1) this.unspent += 1;
  }

  /**
   * Hands over what is held for a look at the account. Until {@link apply} nothing is left to take: the look may give it
   * up. A lease that ran out holds nothing unspent; neither does a purse whose look failed.
   */
  handOver(now: number): Held {
    const unspent = now >= this.usableUntil ? 0 : this.unspent;
    this.unspent = 0;
    return { unspent, pending: [...this.pending.keys()] };
  }

  /** Reservations that were made before a time. */
  pendingSince(before: number): MessageId[] {
    return [...this.pending].filter(([, since]) => since < before).map(([messageId]) => messageId);
  }

  get hasUnspent(): boolean {
    return this.unspent > 0;
  }

  get isEmpty(): boolean {
    return this.unspent === 0 && this.pending.size === 0;
  }

  isFresh(now: number, forMs: number): boolean {
    return now - this.lookedAt < forMs;
  }

  /** Takes over what a look at the account gave. @param now  when the look began. */
  apply(look: Granted, now: number): void {
    for (const messageId of look.settled) this.pending.delete(messageId);
    // Added: a reservation may have been released meanwhile, and the account still counts it as ours.
    this.unspent += look.unspent;
    this.usableUntil = look.usableUntil;
    this.isExhausted = look.unspent < look.wanted;
    this.standing = look.standing;
    this.lookedAt = now;
  }

  /** What nobody holds, as far as the last look tells. */
  private get free(): number {
    const limit = this.standing?.limit ?? null;
    if (limit === null) return Number.POSITIVE_INFINITY;
    return limit - this.used - (this.standing?.othersUnspent ?? 0) - this.unspent;
  }

  /** Charged, or reserved for a message that is under way. Before the first look: nothing. */
  get used(): number {
    return (this.standing?.used ?? 0) + (this.standing?.othersPending ?? 0) + this.pending.size;
  }

  /** Null is unlimited. */
  get remaining(): number | null {
    const limit = this.standing?.limit ?? null;
    return limit === null ? null : Math.max(0, limit - this.used);
  }
}
