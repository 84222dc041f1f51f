import { Injectable } from '@nestjs/common';
import type { MessageId } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import type { Standing } from '../credits/grant.js';
import type { Account, Held } from '../credits/purse.js';

/** What an account says, and which of the messages asked about it has charged. */
export interface Look {
  standing: Standing;
  settled: MessageId[];
}

/** Who leases, from when, until when. */
export interface LeaseTerms {
  holder: string;
  /** No message that is paid from the lease is older. */
  since: Date;
  expiresAt: Date;
}

/** A lease that was not renewed. */
export interface DeadLease extends Account, LeaseTerms {}

// Writes each account over with itself, which locks it, and opens those that are not there: one statement, in one order, so that
// nobody who has one waits for one that another is just about to open.
const LOCK = sql(
  'gateway_lock_credit_accounts',
  `INSERT INTO credit_accounts AS a (organization_id, mode, period)
   SELECT DISTINCT organization_id, 'live', period FROM unnest($1::text[], $2::date[]) AS q(organization_id, period)
    ORDER BY organization_id, period
   ON CONFLICT (organization_id, mode, period) DO UPDATE SET used = a.used`,
);
const LOOK = sql(
  'gateway_look_at_credit_account',
  `SELECT o.credits_per_month AS "limit", coalesce(a.used, 0) AS used,
     coalesce(l.unspent, 0) AS "othersUnspent", coalesce(l.pending, 0) AS "othersPending",
     ARRAY(SELECT message_id FROM credit_ledger e WHERE e.organization_id = $1 AND e.mode = 'live'
             AND e.message_id = ANY ($4::text[]) AND e.reason = 'message_sent') AS settled
   FROM organizations o
   LEFT JOIN credit_accounts a ON a.organization_id = o.id AND a.mode = 'live' AND a.period = $2::date
   CROSS JOIN (SELECT sum(unspent) AS unspent, sum(pending) AS pending FROM credit_leases
     WHERE organization_id = $1 AND mode = 'live' AND period = $2::date AND holder <> $3) l
   WHERE o.id = $1`,
);
const LEASE = sql(
  'gateway_lease_credits',
  `INSERT INTO credit_leases (organization_id, mode, period, holder, unspent, pending, since, expires_at)
   VALUES ($1, 'live', $2::date, $3, $4, $5, $6, $7)
   ON CONFLICT (organization_id, mode, period, holder)
   DO UPDATE SET unspent = $4, pending = $5, since = $6, expires_at = $7`,
);
const END = sql(
  'gateway_end_credit_lease',
  `DELETE FROM credit_leases WHERE organization_id = $1 AND mode = 'live' AND period = $2::date AND holder = $3`,
);
const DEAD = sql(
  'gateway_dead_credit_leases',
  `SELECT organization_id AS "organizationId", period::text AS period, holder, since, expires_at AS "expiresAt"
   FROM credit_leases WHERE expires_at < $1 ORDER BY expires_at LIMIT $2`,
);
const BURY = sql(
  'gateway_bury_credit_lease',
  `DELETE FROM credit_leases WHERE organization_id = $1 AND mode = 'live' AND period = $2::date AND holder = $3
     AND expires_at = $4`,
);

type LookRow = Standing & { settled: MessageId[] };

/** Credit accounts and their leases. Only live mode has any: test mode costs nothing. */
@Injectable()
export class CreditAccountsStore {
  constructor(private readonly database: Database) {}

  /** Makes accounts exist, and locks them until the transaction ends. */
  async lock(tx: Tx, accounts: readonly Account[]): Promise<void> {
    await tx.query(LOCK, [accounts.map(({ organizationId }) => organizationId), accounts.map(({ period }) => period)]);
  }

  /** Without a lock, for showing. @returns undefined for an organization that does not exist. */
  look(account: Account, holder: string, pending: readonly MessageId[]): Promise<Look | undefined> {
    return this.lookIn(this.database, account, holder, pending);
  }

  /**
   * Writes down what a replica holds of an account, after asking how much it shall hold.
   * @param decide  gets the standing and how many of `held.pending` are not charged yet; gives what is unspent from now on.
   * @returns undefined for an organization that does not exist.
   */
  lease(
    account: Account,
    terms: LeaseTerms,
    held: Held,
    decide: (standing: Standing, pending: number) => number,
  ): Promise<(Look & { unspent: number }) | undefined> {
    return this.database.transaction(async (tx) => {
      await this.lock(tx, [account]);
      const look = await this.lookIn(tx, account, terms.holder, held.pending);
      if (look === undefined) return undefined;
      const pending = held.pending.length - look.settled.length;
      const unspent = decide(look.standing, pending);
      const key = [account.organizationId, account.period, terms.holder];
      if (unspent + pending === 0) await tx.query(END, key);
      else await tx.query(LEASE, [...key, unspent, pending, terms.since, terms.expiresAt]);
      return { ...look, unspent };
    });
  }

  /** Leases that ended before a time, the oldest first. */
  dead(before: Date, count: number): Promise<DeadLease[]> {
    return this.database.query<DeadLease>(DEAD, [before, count]);
  }

  /** Ends a dead lease, unless its holder came back to it. */
  async bury({ organizationId, period, holder, expiresAt }: DeadLease): Promise<void> {
    await this.database.query(BURY, [organizationId, period, holder, expiresAt]);
  }

  private async lookIn(
    tx: Tx | Database,
    { organizationId, period }: Account,
    holder: string,
    pending: readonly MessageId[],
  ): Promise<Look | undefined> {
    const [row] = await tx.query<LookRow>(LOOK, [organizationId, period, holder, pending]);
    if (row === undefined) return undefined;
    const { settled, ...standing } = row;
    return { standing, settled };
  }
}
