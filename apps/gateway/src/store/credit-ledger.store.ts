import { Injectable } from '@nestjs/common';
import { type CreditEntry, type CreditReason, newId, type Tenant } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import type { Charge } from '../credits/charges.js';
import { periodOf } from '../credits/period.js';
import { CreditAccountsStore } from './credit-accounts.store.js';

/** An entry with its place in the ledger. */
export interface LedgerRow extends CreditEntry {
  seq: number;
}

// The accounts are locked, so nobody else writes entries of these organizations: NOT EXISTS sees them all.
const ENTER = sql(
  'gateway_enter_credit_charges',
  `WITH given AS (
     SELECT * FROM unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::int[], $6::text[]) WITH ORDINALITY
       AS g(organization_id, period, id, reason, amount, message_id, n)
   ), fresh AS (
     SELECT g.*, sum(amount) OVER (PARTITION BY organization_id, period ORDER BY n) AS running FROM given g
      WHERE NOT EXISTS (SELECT 1 FROM credit_ledger e WHERE e.organization_id = g.organization_id AND e.mode = 'live'
        AND e.message_id = g.message_id AND e.reason = g.reason)
   ), entered AS (
     INSERT INTO credit_ledger (organization_id, mode, id, period, reason, amount, balance, message_id)
     SELECT f.organization_id, 'live', f.id, f.period, f.reason, f.amount,
       CASE WHEN o.credits_per_month IS NULL THEN NULL ELSE greatest(0, o.credits_per_month - a.used + f.running) END,
       f.message_id
     FROM fresh f
     JOIN credit_accounts a ON a.organization_id = f.organization_id AND a.mode = 'live' AND a.period = f.period
     LEFT JOIN organizations o ON o.id = f.organization_id
     ORDER BY f.n
     RETURNING organization_id, period, amount
   )
   UPDATE credit_accounts a SET used = a.used - moved.amount
   FROM (SELECT organization_id, period, sum(amount) AS amount FROM entered GROUP BY 1, 2) moved
   WHERE a.organization_id = moved.organization_id AND a.mode = 'live' AND a.period = moved.period`,
);
const LIST = sql(
  'gateway_list_credit_ledger',
  `SELECT seq, id, reason, amount, balance, message_id, created_at FROM credit_ledger
   WHERE organization_id = $1 AND mode = $2 AND ($3::bigint IS NULL OR seq < $3) AND ($4::text IS NULL OR reason = $4)
   ORDER BY seq DESC LIMIT $5`,
);

/** The append-only record of what was charged and given back; `used` of an account follows from it. */
@Injectable()
export class CreditLedgerStore {
  constructor(
    private readonly database: Database,
    private readonly accounts: CreditAccountsStore,
  ) {}

  /** Enters charges, each message and reason once, however often it comes; all of live mode. */
  async enter(tx: Tx, charges: readonly Charge[]): Promise<void> {
    const once = [...new Map(charges.map((charge) => [`${charge.messageId} ${charge.reason}`, charge])).values()];
    if (once.length === 0) return;
    const periods = once.map(({ messageId }) => periodOf(messageId));
    await this.accounts.lock(
      tx,
      once.map(({ organizationId }, n) => ({ organizationId, period: periods[n] ?? '' })),
    );
    await tx.query(ENTER, [
      once.map(({ organizationId }) => organizationId),
      periods,
      once.map(() => newId('crd')),
      once.map(({ reason }) => reason),
      once.map(({ amount }) => amount),
      once.map(({ messageId }) => messageId),
    ]);
  }

  /** Newest first. @param before  place in the ledger after which the page begins, null for the first page. */
  async list(tenant: Tenant, page: { before: number | null; reason: CreditReason | null; count: number }) {
    const { organizationId, mode } = tenant;
    const rows = await this.database.asTenant(tenant, (tx) =>
      tx.query<Omit<LedgerRow, 'created_at'> & { created_at: Date }>(LIST, [
        organizationId,
        mode,
        page.before,
        page.reason,
        page.count,
      ]),
    );
    return rows.map((row): LedgerRow => ({ ...row, created_at: row.created_at.toISOString() }));
  }
}
