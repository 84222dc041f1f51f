import { type CommandContext, lowestIdAt, type MessageId, newId, type OrganizationId } from '@postern/contracts';
import type { CommandClient } from '@postern/eventing';
import type { Database } from '@postern/platform';
import type { Charge } from '../src/credits/charges.js';
import type { CreditClock } from '../src/credits/clock.js';
import { CreditDesk } from '../src/credits/credit-desk.js';
import type { Recall } from '../src/credits/recall.js';
import { Reconcile } from '../src/credits/reconcile.js';
import { CREDIT_TIMING } from '../src/credits/timing.js';
import { CreditAccountsStore } from '../src/store/credit-accounts.store.js';
import { CreditLedgerStore } from '../src/store/credit-ledger.store.js';

/** UUIDv7 in base32: the first 10 of 26 characters are the time. */
const TIME_CHARS = 'msg_'.length + 10;

type GiveBack = (organizationId: OrganizationId) => Promise<boolean>;

/** A month, some replicas, and messaging's own record: the real desks on a real database, with a clock that tests turn. */
export class CreditsWorld {
  /** What messaging accepted: the truth that accounts must come to. */
  readonly accepted = new Map<OrganizationId, Set<MessageId>>();
  desks: CreditDesk[] = [];
  time = Date.parse('2026-11-20T12:00:00.000Z');
  messagingIsAway = false;
  readonly reconcile: Reconcile;
  private readonly accounts: CreditAccountsStore;
  private readonly ledger: CreditLedgerStore;
  private readonly clock: CreditClock;
  private readonly givers: GiveBack[] = [];

  constructor(
    readonly database: Database,
    replicas: number,
  ) {
    this.clock = { now: () => this.time, timing: CREDIT_TIMING };
    this.accounts = new CreditAccountsStore(database);
    this.ledger = new CreditLedgerStore(database, this.accounts);
    const commands = { ask: (...asked: unknown[]) => this.answer(...(asked as Parameters<typeof this.answer>)) };
    this.reconcile = new Reconcile(
      database,
      this.accounts,
      this.ledger,
      commands as unknown as CommandClient,
      this.clock,
    );
    for (let n = 0; n < replicas; n += 1) this.start(n);
  }

  /** Starts a replica in a place; who was there is gone, as after kill -9. */
  start(place: number): void {
    let own: GiveBack = async () => false;
    const recall = {
      onAsked: (giveBack: GiveBack) => {
        own = giveBack;
      },
      ask: async (organizationId: OrganizationId) => {
        const others = this.givers.filter((giver) => giver !== own);
        return (await Promise.all(others.map((giver) => giver(organizationId)))).includes(true);
      },
    };
    this.desks[place] = new CreditDesk(this.accounts, this.reconcile, recall as unknown as Recall, this.clock);
    this.givers[place] = own;
  }

  async organization(limit: number | null): Promise<OrganizationId> {
    const id = newId('org');
    await this.database.query(`INSERT INTO organizations (id, name, credits_per_month) VALUES ($1, 'Acme', $2)`, [
      id,
      limit,
    ]);
    this.accepted.set(id, new Set());
    return id;
  }

  async limit(organizationId: OrganizationId, limit: number | null): Promise<void> {
    await this.database.query(`UPDATE organizations SET credits_per_month = $2 WHERE id = $1`, [organizationId, limit]);
  }

  /** The id of a message that is made now. */
  messageId(): MessageId {
    return `${lowestIdAt('msg', new Date(this.time)).slice(0, TIME_CHARS)}${newId('msg').slice(TIME_CHARS)}` as MessageId;
  }

  enter(charges: readonly Charge[]): Promise<void> {
    return this.database.transaction((tx) => this.ledger.enter(tx, charges));
  }

  /** Sums of the account's month, of its ledger and of its leases. */
  async books(organizationId: OrganizationId) {
    const period = `${new Date(this.time).toISOString().slice(0, 7)}-01`;
    const [sums] = await this.database.query<{ used: number; entered: number; unspent: number; pending: number }>(
      `SELECT
         (SELECT coalesce(sum(used), 0)::bigint FROM credit_accounts WHERE organization_id = $1 AND period = $2::date) AS used,
         (SELECT -coalesce(sum(amount), 0)::bigint FROM credit_ledger WHERE organization_id = $1 AND period = $2::date) AS entered,
         (SELECT coalesce(sum(unspent), 0) FROM credit_leases WHERE organization_id = $1 AND period = $2::date) AS unspent,
         (SELECT coalesce(sum(pending), 0) FROM credit_leases WHERE organization_id = $1 AND period = $2::date) AS pending`,
      [organizationId, period],
    );
    if (sums === undefined) throw new Error('no sums');
    return sums;
  }

  async tickAll(): Promise<void> {
    for (const desk of this.desks) await desk.tick();
  }

  private async answer(
    _command: unknown,
    { organizationId }: CommandContext,
    { from, through, after, limit }: { from: string; through: string; after: string | null; limit: number },
  ) {
    if (this.messagingIsAway) throw new Error('messaging is away');
    const ids = [...(this.accepted.get(organizationId) ?? [])]
      .filter((id) => id >= from && id <= through && (after === null || id > after))
      .sort();
    return { value: { ids: ids.slice(0, limit) }, replayed: false };
  }
}
