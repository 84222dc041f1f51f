import { describe, expect, it } from '@jest/globals';
import { ListInboxesRoute } from '@postern/contracts';
import { type Keeping, keptPage } from './kept-page.js';
import type { V1 } from './v1.js';

/** A list of `/v1` whose cursors are the places in it. */
function listOf(ids: string[]) {
  const asked: number[] = [];
  const ask = async (_route: unknown, { query }: { query: { limit: number; cursor?: string } }) => {
    const from = Number(query.cursor ?? 0);
    const to = from + query.limit;
    asked.push(query.limit);
    const hasMore = to < ids.length;
    return {
      data: ids.slice(from, to).map((id) => ({ id })),
      has_more: hasMore,
      next_cursor: hasMore ? String(to) : null,
    };
  };
  return { v1: { ask } as unknown as V1, asked };
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `i${n}`);
const isOdd = ({ id }: { id: string }): boolean => Number(id.slice(1)) % 2 === 1;

/** Every page, by its ids. */
async function pages(v1: V1, keeping: Omit<Keeping<{ id: string }>, 'token'>): Promise<string[][]> {
  const found: string[][] = [];
  let token: string | undefined;
  do {
    const page = await keptPage(v1, ListInboxesRoute, {}, { ...keeping, token });
    found.push(page.entries.map(({ id }) => id));
    token = page.token;
  } while (token !== undefined && found.length < 50);
  return found;
}

describe(keptPage, () => {
  it('gives the pages of a list as they are, and asks for no more', async () => {
    const { v1, asked } = listOf(numbered(5));
    expect(await pages(v1, { limit: 2 })).toEqual([['i0', 'i1'], ['i2', 'i3'], ['i4']]);
    expect(asked).toEqual([2, 2, 2]);
  });

  it.each([1, 2, 3, 100])('reads on until a page of what is kept is full, %i at once', async (step) => {
    const { v1 } = listOf(numbered(9));
    const found = await pages(v1, { limit: 2, keep: isOdd, step });
    expect(found.flat()).toEqual(['i1', 'i3', 'i5', 'i7']);
    expect(found.slice(0, 2).map(({ length }) => length)).toEqual([2, 2]);
  });

  it('ends a page that would take too long, and goes on from there', async () => {
    const { v1, asked } = listOf(numbered(1_500));
    const keep = ({ id }: { id: string }): boolean => id === 'i1400';
    expect(await pages(v1, { limit: 1, keep })).toEqual([[], ['i1400'], []]);
    expect(asked.length).toBeLessThan(20);
  });

  it('gives entries again rather than none when the last one is gone', async () => {
    const before = listOf(numbered(6));
    const { token } = await keptPage(before.v1, ListInboxesRoute, {}, { limit: 2, keep: isOdd });
    const after = listOf(numbered(6).filter((id) => id !== 'i3'));
    const { entries } = await keptPage(after.v1, ListInboxesRoute, {}, { limit: 2, keep: isOdd, token });
    expect(entries.map(({ id }) => id)).toEqual(['i1', 'i5']);
  });
});
