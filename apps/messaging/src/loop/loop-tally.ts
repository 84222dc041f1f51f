import { type LoopPair, pairKey } from '../store/loop.store.js';
import { judgeLoop, type LoopVerdict, type Standing } from './loop-budget.js';
import type { LoopLimits } from './loop-limits.js';

/** How a counterparty of a message stands. */
export interface JudgedPair {
  pair: LoopPair;
  used: number;
  verdict: LoopVerdict;
}

/** A counterparty to whom the message would be one too many. */
export type SpentPair = JudgedPair & { verdict: Extract<LoopVerdict, { isOver: true }> };

export const isSpent = (judged: JudgedPair): judged is SpentPair => judged.verdict.isOver;

/** Goes through messages in their order, each of which uses up what it may. */
export class LoopTally {
  constructor(
    /** By {@link pairKey}. */
    private readonly standings: ReadonlyMap<string, Standing>,
    private readonly limits: LoopLimits,
  ) {}

  /** How the counterparties of a message stand before it. */
  judge(pairs: readonly LoopPair[], now: Date): JudgedPair[] {
    return pairs.flatMap((pair) => {
      const standing = this.standings.get(pairKey(pair));
      if (standing === undefined) return [];
      return [{ pair, used: standing.used, verdict: judgeLoop(standing, now, this.limits) }];
    });
  }

  /** @returns the counterparties that stand against the message; if there are none, it counts for all of them. */
  take(pairs: readonly LoopPair[], now: Date): SpentPair[] {
    const spent = this.judge(pairs, now).filter(isSpent);
    for (const { pair, verdict } of spent) this.change(pair, (standing) => (standing.coolDown = verdict.coolDown));
    if (spent.length === 0) for (const pair of pairs) this.change(pair, (standing) => (standing.used += 1));
    return spent;
  }

  private change(pair: LoopPair, how: (standing: Standing) => void): void {
    const standing = this.standings.get(pairKey(pair));
    if (standing !== undefined) how(standing);
  }
}
