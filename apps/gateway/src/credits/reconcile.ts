import { Inject, Injectable } from '@nestjs/common';
import { ListAcceptedMessages, lowestIdAt, type MessageId, type OrganizationId } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { Database, newRequestId, newTraceparent } from '@postern/platform';
import { CreditAccountsStore } from '../store/credit-accounts.store.js';
import { CreditLedgerStore } from '../store/credit-ledger.store.js';
import { sent } from './charges.js';
import { CREDIT_CLOCK, type CreditClock } from './clock.js';

/** Dead leases that one turn takes on. */
const LEASES_AT_ONCE = 20;
const MESSAGES_AT_ONCE = 1_000;
/** Between the making of an id and the reservation for it lies a wait for the database, at most. */
const MARGIN_MS = 60_000;

/** Ids of messages, both ends included. */
export interface IdRange {
  from: string;
  through: string;
}

/** Charges from messaging's own record what no fact has told yet, so that a lease can end although its holder is gone. */
@Injectable()
export class Reconcile {
  constructor(
    private readonly database: Database,
    private readonly accounts: CreditAccountsStore,
    private readonly ledger: CreditLedgerStore,
    private readonly commands: CommandClient,
    @Inject(CREDIT_CLOCK) private readonly clock: CreditClock,
  ) {}

  /**
   * Charges every outbound message of a range that messaging accepted. Afterwards a message of the range that is not in
   * the ledger was not accepted.
   * @throws AppError `unavailable` when messaging is away; nothing is lost by trying again.
   */
  async charge(organizationId: OrganizationId, { from, through }: IdRange): Promise<void> {
    let after: string | null = null;
    do {
      const page: MessageId[] = await this.accepted(organizationId, { from, through }, after);
      const charges = page.map((messageId) => sent({ organizationId, mode: 'live', messageId }));
      if (charges.length > 0) await this.database.transaction((tx) => this.ledger.enter(tx, charges));
      after = page.length === MESSAGES_AT_ONCE ? (page.at(-1) ?? null) : null;
    } while (after !== null);
  }

  /** Ends leases whose holders are gone. What they had reserved was accepted by now, or never will be. */
  async buryDeadLeases(): Promise<void> {
    const before = new Date(this.clock.now() - this.clock.timing.graceMs);
    for (const lease of await this.accounts.dead(before, LEASES_AT_ONCE)) {
      await this.charge(lease.organizationId, {
        from: lowestIdAt('msg', new Date(lease.since.getTime() - MARGIN_MS)),
        through: lowestIdAt('msg', new Date(lease.expiresAt.getTime() + MARGIN_MS)),
      });
      await this.accounts.bury(lease);
    }
  }

  private async accepted(organizationId: OrganizationId, range: IdRange, after: string | null): Promise<MessageId[]> {
    const context = {
      organizationId,
      mode: 'live' as const,
      keyId: null,
      inboxIds: null,
      requestId: newRequestId(),
      traceparent: newTraceparent(),
      idempotency: null,
    };
    const { value } = await this.commands.ask(ListAcceptedMessages, context, {
      ...range,
      after,
      limit: MESSAGES_AT_ONCE,
    });
    return value.ids;
  }
}
