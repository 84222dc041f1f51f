import { describe, expect, it } from '@jest/globals';
import { PlaceCounter } from './place-counter.js';
import { blockOf, BLOCK_SIZE, placeKeys, type Range, rangesUpTo } from './places.js';

const SCOPE = 'inb_x';

describe(rangesUpTo, () => {
  it.each([0, 1, 2, 15, 16, 17, 40, 255, 256, 700, 5000])('ends with block %i and begins where it says', (block) => {
    const ranges = rangesUpTo(SCOPE, block);
    for (const { keys, firstBlock } of ranges) {
      for (const inside of [firstBlock, Math.floor((firstBlock + block) / 2), block]) {
        const places = placeKeys(SCOPE, inside * BLOCK_SIZE);
        expect(places.some((key) => keys.includes(key))).toBe(true);
      }
      const outside = placeKeys(SCOPE, firstBlock * BLOCK_SIZE - 1);
      if (firstBlock > 0) expect(outside.some((key) => keys.includes(key))).toBe(false);
    }
    expect(ranges.at(-1)?.firstBlock).toBe(0);
    const sizes = ranges.map(({ firstBlock }) => block - firstBlock);
    expect(sizes).toEqual(sizes.toSorted((one, two) => one - two));
  });

  it.each([0, 1, 2, 15, 16, 17, 33, 40, 255, 256, 300, 700])(
    'has parts that hold each block before %i that the ranges before do not hold, once and the newest first',
    (block) => {
      const keysOfBlock = (one: number): string[] => placeKeys(SCOPE, one * BLOCK_SIZE);
      const holds = (range: Range, one: number): boolean => keysOfBlock(one).some((key) => range.keys.includes(key));
      const blocksOf = (range: Range): number[] => {
        const parts = range.parts();
        return parts.length === 0 ? [range.firstBlock] : parts.flatMap(blocksOf);
      };
      const ranges = rangesUpTo(SCOPE, block);
      for (const [index, range] of ranges.entries()) {
        if (index === 0) continue;
        const before = ranges[index - 1] as Range;
        const left = Array.from({ length: block + 1 }, (_, one) => one).filter(
          (one) => holds(range, one) && !holds(before, one),
        );
        expect(range.parts().flatMap(blocksOf)).toEqual(left.toReversed());
      }
    },
  );

  it('is one range while there are two blocks', () => {
    expect(rangesUpTo(SCOPE, 1)).toHaveLength(1);
  });
});

describe(PlaceCounter, () => {
  const key = { organization_id: 'org', mode: 'live', scope_id: SCOPE };

  it('counts on, and notes of each block the lowest id in it and the highest before it', () => {
    const counter = new PlaceCounter([{ ...key, next_ordinal: BLOCK_SIZE - 1, last_id: 'msg_5' }]);
    // The second one came late: its id is lower than those of the block before.
    expect(['msg_6', 'msg_2', 'msg_8'].map((id) => counter.take(key, id))).toEqual([
      BLOCK_SIZE - 1,
      BLOCK_SIZE,
      BLOCK_SIZE + 1,
    ]);
    const { scopes, blocks } = counter.counted();
    expect(scopes).toEqual([{ ...key, next_ordinal: BLOCK_SIZE + 2, last_id: 'msg_8' }]);
    expect(blocks).toEqual([
      { ...key, block: 0, first_id: 'msg_6', floor_id: 'msg_5' },
      { ...key, block: 1, first_id: 'msg_2', floor_id: 'msg_6' },
    ]);
    expect(blockOf(BLOCK_SIZE)).toBe(1);
  });

  it('refuses a scope that nobody locked', () => {
    expect(() => new PlaceCounter([]).take(key, 'msg_1')).toThrow(/not locked/);
  });
});
