import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type MessageId, type OrganizationId, timeOf } from '@postern/contracts';
import { CreditAccountsStore } from '../store/credit-accounts.store.js';
import { CREDIT_CLOCK, type CreditClock } from './clock.js';
import { grantOf } from './grant.js';
import { periodAt, periodOf } from './period.js';
import { type Account, Purse } from './purse.js';
import { Recall } from './recall.js';
import { Reconcile } from './reconcile.js';

/** A purse that nobody looked into for this long is forgotten. */
const FORGET_AFTER_MS = 60_000;
/** What one replica gives back, another one may be faster to take. */
const RECALLS_MAX = 3;

/**
 * Reserves credits for messages of organizations that have a limit: from memory as long as a leased block lasts, else
 * after one transaction that leases the next. See README.md for what holds at every moment.
 */
@Injectable()
export class CreditDesk {
  private readonly holder = randomUUID();
  private readonly purses = new Map<string, Purse>();

  constructor(
    private readonly accounts: CreditAccountsStore,
    private readonly reconcile: Reconcile,
    private readonly recall: Recall,
    @Inject(CREDIT_CLOCK) private readonly clock: CreditClock,
  ) {
    recall.onAsked((organizationId) => this.giveBackTo(organizationId));
  }

  /**
   * Reserves one credit. The reservation ends by itself when the message is charged, or when messaging does not know it.
   * @returns false when the account is exhausted.
   * @throws AppError `unavailable` when the account cannot be asked.
   */
  async reserve(organizationId: OrganizationId, messageId: MessageId): Promise<boolean> {
    const purse = this.purse({ organizationId, period: periodOf(messageId) });
    for (let recalls = 0; ;) {
      if (purse.take(messageId, this.clock.now())) return true;
      if (await this.wait(purse)) continue;
      if (purse.take(messageId, this.clock.now())) return true;
      // Another replica may hold the last credits without needing them.
      if ((purse.standing?.othersUnspent ?? 0) === 0 || recalls === RECALLS_MAX) return false;
      recalls += 1;
      if (!(await this.recall.ask(organizationId))) return false;
    }
  }

  /** Gives a reservation back at once, because its message was refused or a replay answered for it. */
  release(organizationId: OrganizationId, messageId: MessageId): void {
    this.purses.get(keyOf({ organizationId, period: periodOf(messageId) }))?.release(messageId, this.clock.now());
  }

  /** The account of the running month, no older than a second: for showing. */
  async show(organizationId: OrganizationId): Promise<Purse> {
    const purse = this.current(organizationId);
    purse.lastShownAt = this.clock.now();
    if (!purse.isFresh(this.clock.now(), this.clock.timing.tickMs)) await this.look(purse);
    return purse;
  }

  /** The account of the running month as it stands in the database at this moment. */
  async showNow(organizationId: OrganizationId): Promise<Purse> {
    const purse = this.current(organizationId);
    await purse.running;
    await this.look(purse);
    return purse;
  }

  /** The account of the running month as this replica knows it, without a look; undefined before the first one. */
  known(organizationId: OrganizationId): Purse | undefined {
    const purse = this.current(organizationId);
    return purse.standing === undefined ? undefined : purse;
  }

  /**
   * Renews leases, gives back what idles, and asks after reservations that nobody settled.
   * @throws what went wrong first, after all purses had their turn.
   */
  async tick(): Promise<void> {
    const turns = await Promise.allSettled([...this.purses].map(([key, purse]) => this.tend(key, purse)));
    const failed = turns.find((turn) => turn.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Gives everything back that is for no message yet; reservations stay until they are settled. */
  async close(): Promise<void> {
    for (const purse of this.purses.values()) if (purse.leased) await this.look(purse, true);
  }

  private purse(account: Account): Purse {
    const key = keyOf(account);
    let purse = this.purses.get(key);
    if (purse === undefined) {
      purse = new Purse(account, this.clock.now());
      this.purses.set(key, purse);
    }
    return purse;
  }

  private current(organizationId: OrganizationId): Purse {
    return this.purse({ organizationId, period: periodAt(new Date(this.clock.now())) });
  }

  private async tend(key: string, purse: Purse): Promise<void> {
    const now = this.clock.now();
    const idleMs = now - purse.lastTakenAt;
    if (purse.leased || !purse.isEmpty) await this.look(purse, idleMs > this.clock.timing.tickMs);
    else if (now - Math.max(purse.lastTakenAt, purse.lastShownAt) > FORGET_AFTER_MS) this.purses.delete(key);
    const stale = purse.pendingSince(now - this.clock.timing.askAfterMs);
    if (stale.length > 0) await this.askAfter(purse, stale);
  }

  /** Waits for the next lease. @returns whether it gave enough for all who waited. */
  private async wait(purse: Purse): Promise<boolean> {
    purse.waiting += 1;
    try {
      if (purse.running !== undefined) {
        // That look began before this request: it may not have counted it.
        await purse.running;
        if (!purse.isExhausted) return true;
      }
      await this.look(purse);
      return !purse.isExhausted;
    } finally {
      purse.waiting -= 1;
    }
  }

  /** Looks at the account and renews the lease; those who ask while a look is under way share it. */
  private look(purse: Purse, giveUp = false): Promise<void> {
    purse.running ??= this.lookNow(purse, giveUp).finally(() => {
      purse.running = undefined;
    });
    return purse.running;
  }

  private async lookNow(purse: Purse, giveUp: boolean): Promise<void> {
    const now = this.clock.now();
    const usableUntil = now + this.clock.timing.leaseMs;
    const wanted = purse.waiting;
    if (wanted === 0 && purse.isEmpty && !purse.leased) {
      const look = await this.accounts.look(purse.account, this.holder, []);
      if (look !== undefined) purse.apply({ ...look, unspent: 0, wanted, usableUntil }, now);
      return;
    }
    const held = purse.handOver(now);
    purse.leased = true;
    const terms = { holder: this.holder, since: sinceOf(held.pending, now), expiresAt: new Date(usableUntil) };
    const look = await this.accounts.lease(purse.account, terms, held, (standing, pending) =>
      giveUp && wanted === 0 ? 0 : grantOf(standing, { unspent: held.unspent, pending }, wanted),
    );
    if (look === undefined) return;
    purse.leased = look.unspent + held.pending.length > look.settled.length;
    purse.apply({ ...look, wanted, usableUntil }, now);
  }

  private async askAfter(purse: Purse, stale: readonly MessageId[]): Promise<void> {
    const sorted = stale.toSorted();
    await this.reconcile.charge(purse.account.organizationId, {
      from: sorted[0] ?? '',
      through: sorted.at(-1) ?? '',
    });
    await purse.running;
    await this.look(purse);
    for (const messageId of stale) purse.release(messageId, this.clock.now());
  }

  private async giveBackTo(organizationId: OrganizationId): Promise<boolean> {
    const purse = this.purses.get(keyOf({ organizationId, period: periodAt(new Date(this.clock.now())) }));
    if (purse === undefined || !purse.leased) return false;
    // During a look the purse shows nothing: what it holds is in the account's hands.
    await purse.running;
    if (!purse.hasUnspent) return false;
    await this.look(purse, true);
    return true;
  }
}

const keyOf = ({ organizationId, period }: Account): string => `${organizationId} ${period}`;

const sinceOf = (pending: readonly MessageId[], now: number): Date =>
  new Date(pending.reduce((oldest, messageId) => Math.min(oldest, timeOf(messageId).getTime()), now));
