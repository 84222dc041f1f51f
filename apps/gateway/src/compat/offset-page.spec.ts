import { describe, expect, it } from '@jest/globals';
import { ListInboxesRoute } from '@postern/contracts';
import { z } from 'zod';
import { entriesOf, newestFirst, offsetPage, offsetQuery, type ReadList } from './offset-page.js';
import { Problem } from './problem.js';
import type { V1 } from './v1.js';

async function* list<T>(entries: readonly T[], more = false): ReadList<T> {
  yield* entries;
  return more;
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const same = (entry: number): number => entry;

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
  ])('from %d, at most %d, of a list that ends', async (offset, limit, data) => {
    expect(await offsetPage(list(upTo(5)), { limit, offset }, same)).toEqual({ data, total: 5, limit, offset });
  });

  it('shows what it is told to, and only what it gives', async () => {
    const shown: number[] = [];
    const show = (entry: number): string => `${shown.push(entry)}`;
    expect((await offsetPage(list(upTo(9)), { limit: 2, offset: 3 }, show)).data).toEqual(['1', '2']);
    expect(shown).toEqual([3, 4]);
  });

  it('of a list that goes on says that there is more, and refuses what it cannot know', async () => {
    const page = (offset: number) => offsetPage(list(upTo(1000), true), { limit: 100, offset }, same);
    expect((await page(900)).total).toBe(1001);
    for (const offset of [901, 1000, 5000]) {
      const problem = await page(offset).catch((error: unknown) => error as Problem);
      expect(problem instanceof Problem && [problem.code, problem.issues[0]?.path]).toEqual([
        'validation_error',
        'offset',
      ]);
    }
  });
});

describe('the entries of a list', () => {
  it.each([
    [2, false],
    [10, false],
    [11, true],
  ])('of %d pages', async (pages, more) => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      const ends = asked === pages;
      return { data: [asked], has_more: !ends, next_cursor: ends ? null : String(asked) };
    };
    const { data, total } = await offsetPage(
      entriesOf({ ask } as unknown as V1, ListInboxesRoute) as unknown as ReadList<number>,
      { limit: 2, offset: 0 },
      same,
    );
    expect([data, total, asked]).toEqual([[1, 2], more ? 11 : pages, Math.min(pages, 10)]);
  });
});

describe('lists as one', () => {
  async function read(...lists: ReadList<{ id: string }>[]): Promise<[string, boolean]> {
    const all = newestFirst(lists);
    for (let text = ''; ;) {
      const next = await all.next();
      if (next.done === true) return [text, next.value];
      text += next.value.id;
    }
  }
  const ids = (names: string, more = false) =>
    list(
      [...names].map((id) => ({ id })),
      more,
    );

  it('are newest first', async () => {
    expect(await read(ids('ca'), ids('db'), ids(''))).toEqual(['dcba', false]);
  });

  it('end where one that goes on was read to: what follows there may be newer than the rest of the others', async () => {
    expect(await read(ids('fd', true), ids('eca'))).toEqual(['fed', true]);
  });

  it('are none without any', async () => {
    expect(await read()).toEqual(['', false]);
  });
});
