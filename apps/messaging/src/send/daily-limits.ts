import { Injectable } from '@nestjs/common';
import type { DailyAllowance, Tenant } from '@postern/contracts';
import { type AppError, rateLimited, type Tx } from '@postern/platform';
import type { InboxRow } from '../store/inbox.row.js';
import { DailySendsStore, type DaySends, type SendSubject } from '../store/daily-sends.store.js';

/** How many messages a subject may send on one day, UTC. */
export interface DailyLimit extends SendSubject {
  of: 'inbox' | 'organization';
  limit: number;
}

const DAY_MS = 24 * 3600 * 1000;
const DAY_CHARS = '2026-11-21'.length;

/** The limits that bind a message; none for most. @param sendsPerDay  of the organization; absent or null is unlimited. */
export function dailyLimitsOf(
  { organizationId, mode }: Tenant,
  inbox: Pick<InboxRow, 'id' | 'daily_send_limit'>,
  sendsPerDay: number | null | undefined,
): DailyLimit[] {
  const limit = (of: DailyLimit['of'], subject: string, most: number | null | undefined): DailyLimit[] =>
    most === null || most === undefined ? [] : [{ organizationId, mode, subject, of, limit: most }];
  return [...limit('inbox', inbox.id, inbox.daily_send_limit), ...limit('organization', organizationId, sendsPerDay)];
}

/** Counts messages against daily limits, exactly: a count stays locked until what it counted is committed. */
@Injectable()
export class DailyLimits {
  constructor(private readonly store: DailySendsStore) {}

  /**
   * Counts messages in the order given. A day's first count begins with what the subject has sent already, because its
   * limit may be younger than the day.
   * @param batch  the limits of each message. Without any, the database is not asked.
   * @returns the refusal of each message that is over a limit, which counts for nothing then; null for the others.
   */
  async spend(tx: Tx, batch: readonly (readonly DailyLimit[])[], now: Date): Promise<(AppError | null)[]> {
    const subjects = [...new Map(batch.flat().map((limit) => [nameOf(limit), limit])).values()];
    if (subjects.length === 0) return batch.map(() => null);
    const counts = await this.today(tx, subjects, now);
    const refusals = batch.map((limits) => spendOne(counts, limits, now));
    if (refusals.includes(null)) await this.store.write(tx, [...counts.values()]);
    return refusals;
  }

  /**
   * What is left of limits, without counting anything.
   * @throws AppError `rate_limited` when nothing is left of one, as a send would be refused.
   */
  async left(tx: Tx, limits: readonly DailyLimit[], now: Date): Promise<DailyAllowance[]> {
    if (limits.length === 0) return [];
    const day = dayOf(now);
    const stored = await this.store.read(tx, limits);
    const counts = new Map(stored.filter((count) => count.day >= day).map((count) => [nameOf(count), count.sends]));
    const uncounted = limits.filter((limit) => !counts.has(nameOf(limit)));
    if (uncounted.length > 0) {
      for (const counted of await this.store.countSince(tx, uncounted, startOfDay(now)))
        counts.set(nameOf(counted), counted.sends);
    }
    const allowances = limits.map((limit) => allowanceOf(limit, counts.get(nameOf(limit)) ?? 0));
    const over = limits.find((_, index) => allowances[index]?.remaining === 0);
    if (over !== undefined) throw overLimit(over, now);
    return allowances;
  }

  private async today(tx: Tx, subjects: readonly SendSubject[], now: Date): Promise<Map<string, DaySends>> {
    const day = dayOf(now);
    const locked = await this.store.lock(tx, subjects);
    const counts = new Map(locked.map((count) => [nameOf(count), count]));
    // A later day is of a process whose clock is ahead: its count goes on.
    const stale = locked.filter((count) => count.day < day);
    if (stale.length === 0) return counts;
    for (const counted of await this.store.countSince(tx, stale, startOfDay(now))) {
      counts.set(nameOf(counted), { ...counted, day });
    }
    return counts;
  }
}

const nameOf = ({ organizationId, mode, subject }: SendSubject): string => `${organizationId} ${mode} ${subject}`;

const dayOf = (at: Date): string => at.toISOString().slice(0, DAY_CHARS);

const startOfDay = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);

function spendOne(counts: Map<string, DaySends>, limits: readonly DailyLimit[], now: Date): AppError | null {
  const pairs = limits.flatMap((limit) => {
    const count = counts.get(nameOf(limit));
    return count === undefined ? [] : [{ limit, count }];
  });
  const over = pairs.find(({ limit, count }) => count.sends >= limit.limit);
  if (over !== undefined) return overLimit(over.limit, now);
  for (const { count } of pairs) count.sends += 1;
  return null;
}

const allowanceOf = ({ of, limit }: DailyLimit, used: number): DailyAllowance => ({
  of,
  limit,
  used,
  remaining: Math.max(0, limit - used),
});

function overLimit({ of, limit }: DailyLimit, now: Date): AppError {
  const retryAfterSeconds = Math.ceil((startOfDay(now).getTime() + DAY_MS - now.getTime()) / 1000);
  return rateLimited(
    retryAfterSeconds,
    `Wait until midnight UTC, or raise the limit: the ${of} may send ${limit} messages a day.`,
    { reason: 'daily_send_limit', of, limit },
  );
}
