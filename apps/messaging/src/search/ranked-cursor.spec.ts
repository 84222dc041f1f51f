import { describe, expect, it } from '@jest/globals';
import { lowestIdAt, newId } from '@postern/contracts';
import {
  byRank,
  othersAfter,
  rankedCursor,
  rankOf,
  readRankedCursor,
  TITLE_BONUS_MS,
  titlesAfter,
} from './ranked-cursor.js';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
/** Two ids of one millisecond. */
const at = (offsetMs: number): string[] => {
  const low = lowestIdAt('msg', new Date(NOW + offsetMs));
  return [`${low.slice(0, -1)}1`, `${low.slice(0, -1)}2`];
};

describe('rank', () => {
  const ids = [0, 1, 2, TITLE_BONUS_MS, TITLE_BONUS_MS + 1, TITLE_BONUS_MS - 1].flatMap(at);
  const hits = ids.flatMap((id) => [true, false].map((inTitle) => ({ id, inTitle, rank: rankOf(id, inTitle) })));

  it('is the time of a message, and 30 days more for a title', () => {
    expect(rankOf(at(0)[0] ?? '', false)).toBe(NOW);
    expect(rankOf(at(0)[0] ?? '', true)).toBe(NOW + TITLE_BONUS_MS);
  });

  it('splits what comes after a hit into two lists by id, without a gap and without a repeat', () => {
    for (const cursor of hits) {
      const after = readRankedCursor(rankedCursor(cursor));
      if (after === null) throw new Error('no cursor');
      for (const hit of hits.filter(({ id }) => id !== cursor.id)) {
        const comesAfter = byRank(cursor, hit) < 0;
        expect(hit.id < (hit.inTitle ? titlesAfter(after) : othersAfter(after))).toBe(comesAfter);
      }
    }
  });

  it.each(['x', '', rankedCursor({ id: newId('thr'), rank: 1 }), rankedCursor({ id: newId('msg'), rank: 1 })])(
    'refuses the cursor %j',
    (cursor) => {
      expect(() => readRankedCursor(cursor)).toThrow(expect.objectContaining({ code: 'validation_error' }));
    },
  );
});
