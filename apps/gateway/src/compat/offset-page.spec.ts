import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newestFirst, offsetPage, offsetQuery } from './offset-page.js';
import type { Problem } from './problem.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const same = (entry: number): number => entry;
const ids = (...names: string[]) => names.map((id) => ({ id }));

describe('a page by offset', () => {
  it('has a default, and bounds', () => {
    const query = z.strictObject(offsetQuery);
    expect(query.parse({})).toEqual({ limit: 20, offset: 0 });
    expect(query.parse({ limit: '100', offset: '7' })).toEqual({ limit: 100, offset: 7 });
    for (const wrong of [{ limit: '0' }, { limit: '101' }, { offset: '-1' }, { limit: '1.5' }, { page: '2' }])
      expect(query.safeParse(wrong).success).toBe(false);
  });

  it.each([
    [0, 2, [0, 1]],
    [4, 2, [4]],
    [5, 2, []],
    [90, 10, []],
  ])('from %d, at most %d, of a list that ends', (offset, limit, data) => {
    const page = offsetPage({ entries: upTo(5), more: false }, { limit, offset }, same);
    expect(page).toEqual({ data, total: 5, limit, offset });
  });

  it('shows what it is told to', () => {
    const page = offsetPage({ entries: upTo(1), more: false }, { limit: 1, offset: 0 }, String);
    expect(page.data).toEqual(['0']);
  });

  it('of a list that goes on says that there is more, and refuses what it cannot know', () => {
    const list = { entries: upTo(1000), more: true };
    expect(offsetPage(list, { limit: 100, offset: 900 }, same).total).toBe(1001);
    const problem = (offset: number): Problem => {
      try {
        offsetPage(list, { limit: 100, offset }, same);
      } catch (error) {
        return error as Problem;
      }
      throw new Error('it was not refused');
    };
    for (const offset of [901, 1000, 5000])
      expect([problem(offset).code, problem(offset).issues[0]?.path]).toEqual(['validation_error', 'offset']);
  });
});

describe('lists as one', () => {
  it('are newest first', () => {
    const lists = [
      { entries: ids('c', 'a'), more: false },
      { entries: ids('d', 'b'), more: false },
    ];
    expect(newestFirst(lists)).toEqual({ entries: ids('d', 'c', 'b', 'a'), more: false });
  });

  it('end where one that goes on was read to: what follows there may be newer than the rest of the others', () => {
    const lists = [
      { entries: ids('f', 'd'), more: true },
      { entries: ids('e', 'c', 'a'), more: false },
    ];
    expect(newestFirst(lists)).toEqual({ entries: ids('f', 'e', 'd'), more: true });
  });

  it('are none without any', () => {
    expect(newestFirst([])).toEqual({ entries: [], more: false });
  });
});
