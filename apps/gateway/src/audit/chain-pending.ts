import { Injectable } from '@nestjs/common';
import { Database } from '@postern/platform';
import { AuditChainStore, chainName, type Taken } from '../store/audit-chain.store.js';
import { chain } from './chain.js';

/** Of one transaction; hashing them takes a few milliseconds. */
const BATCH_MAX = 500;

/** Gives pending entries their sequence and hash. */
@Injectable()
export class ChainPending {
  constructor(
    private readonly database: Database,
    private readonly store: AuditChainStore,
  ) {}

  /**
   * One transaction: entries leave the pending ones and join their chains, or neither. Two processes that do it at once
   * cannot fork a chain: the one that comes second fails, and finds its entries pending again.
   * @returns whether there may be more.
   */
  async run(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { taken, at, count } = await this.store.take(tx, BATCH_MAX);
      if (taken.length > 0) {
        const groups = Map.groupBy(taken, chainName);
        const heads = await this.store.heads(
          tx,
          [...groups.values()].map(([first]) => first as Taken),
        );
        const chained = [...groups].flatMap(([name, group]) => {
          const entries = chain(
            heads.get(name) ?? null,
            group.map(({ entry }) => entry),
            at,
          );
          return entries.map((entry) => ({ tenant: group[0] as Taken, entry }));
        });
        await this.store.append(tx, chained);
      }
      return count === BATCH_MAX;
    });
  }
}
