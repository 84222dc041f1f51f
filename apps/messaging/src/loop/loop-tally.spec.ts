import { describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { type LoopPair, pairKey } from '../store/loop.store.js';
import type { Standing } from './loop-budget.js';
import { LoopTally } from './loop-tally.js';

const LIMITS = { messages: 3, automaticMessages: 1, windowSeconds: 3600, coolDownSeconds: 600 };
const NOW = new Date('2026-11-21T12:00:00.000Z');
const thread = { organizationId: newId('org'), mode: 'live', threadId: newId('thr') } as const;
const ann: LoopPair = { ...thread, counterparty: 'ann@example.com' };
const bob: LoopPair = { ...thread, counterparty: 'bob@example.com' };

const tallyOf = (annUsed: number, bobUsed: number): LoopTally => {
  const standing = (used: number): Standing => ({ used, automatic: false, coolDown: null });
  return new LoopTally(
    new Map([
      [pairKey(ann), standing(annUsed)],
      [pairKey(bob), standing(bobUsed)],
    ]),
    LIMITS,
  );
};
const taken = (tally: LoopTally, ...pairs: LoopPair[]) =>
  tally.take(pairs, NOW).map(({ pair, verdict }) => [pair.counterparty, verdict.isNew]);

describe('messages of one batch', () => {
  it('use up the budget in their order; the first that is refused begins the cool-down', () => {
    const tally = tallyOf(1, 0);
    expect(taken(tally, ann)).toEqual([]);
    expect(taken(tally, ann)).toEqual([]);
    expect(taken(tally, ann)).toEqual([['ann@example.com', true]]);
    expect(taken(tally, ann)).toEqual([['ann@example.com', false]]);
  });

  it('count for each of their counterparties, and for none when they are refused', () => {
    const tally = tallyOf(3, 2);
    expect(taken(tally, ann, bob)).toEqual([['ann@example.com', true]]);
    expect(taken(tally, bob)).toEqual([]);
    expect(taken(tally, ann, bob)).toEqual([
      ['ann@example.com', false],
      ['bob@example.com', true],
    ]);
  });

  it('are judged without being counted', () => {
    const tally = tallyOf(2, 0);
    for (const _ of [1, 2]) expect(tally.judge([ann], NOW)).toMatchObject([{ used: 2, verdict: { isOver: false } }]);
  });
});
