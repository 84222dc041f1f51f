import { Injectable } from '@nestjs/common';
import type { MessageId } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import { SentCountStore } from '../store/sent-count.store.js';
import { ruleByPolicies } from './apply-policies.js';
import type { KeptFindings, PolicyRuling } from './policy.js';
import { scopesOf, SentLedger, type RatedMessage } from './sent-ledger.js';

/** A message whose own policies have been asked. */
export interface FoundMessage extends RatedMessage {
  messageId: MessageId;
  version: number;
  findings: KeptFindings;
}

/** Rules by policies, rate limits among them. */
@Injectable()
export class PolicyDesk {
  constructor(
    private readonly database: Database,
    private readonly sent: SentCountStore,
  ) {}

  /** As things stand now; nothing is counted, and nobody waits. */
  async ruleAsOfNow(message: RatedMessage & Pick<FoundMessage, 'findings'>): Promise<PolicyRuling> {
    const ledger = await this.ledgerOf(this.database, [message]);
    return ruleByPolicies(message.policies, message.findings, ledger.countFor(message, false));
  }

  /**
   * Rules on messages in their order, exactly: whoever counts for the same limits waits until the transaction ends.
   * @param decide  what becomes of a message. What goes on to its readers, or waits, counts, unless a limit speaks against it.
   */
  async rule<T extends FoundMessage, D extends { goesOn: boolean }>(
    tx: Tx,
    messages: readonly T[],
    decide: (message: T, ruling: PolicyRuling) => D,
  ): Promise<(D & { counts: boolean })[]> {
    const scopes = scopesOf(messages);
    if (scopes.length > 0) await this.sent.lock(tx, scopes);
    const ledger = await this.ledgerOf(tx, messages);
    const later = messages.filter(({ version }) => version > 1);
    const counted = await this.sent.counted(tx, later);
    return messages.map((message) => {
      const takenIn = counted.has(message.messageId);
      const ruling = ruleByPolicies(message.policies, message.findings, ledger.countFor(message, takenIn));
      const decided = decide(message, ruling);
      const counts = decided.goesOn && !takenIn && !ruling.hits.some(({ type }) => type === 'rate_limit');
      if (counts) ledger.add(message);
      return { ...decided, counts };
    });
  }

  private async ledgerOf(tx: Tx | Database, messages: readonly RatedMessage[]): Promise<SentLedger> {
    const scopes = scopesOf(messages);
    return new SentLedger(scopes, scopes.length === 0 ? [] : await this.sent.count(tx, scopes));
  }
}
