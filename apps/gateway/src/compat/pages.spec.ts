import { describe, expect, it } from '@jest/globals';
import { ListInboxesRoute } from '@postern/contracts';
import { everyEntry } from './every-entry.js';
import { firstEntries } from './pages.js';
import type { V1 } from './v1.js';

interface Asked {
  limit: number;
  cursor?: string;
}

/** A list of `/v1` of so many numbers, whose pages hold at most `most` of them. */
function listOf(size: number, most = 100): { v1: V1; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = async (_route: unknown, { query }: { query: Asked }) => {
    asked.push(query);
    const from = Number(query.cursor ?? 0);
    const end = Math.min(from + Math.min(query.limit, most), size);
    const data = Array.from({ length: end - from }, (_, index) => from + index);
    return { data, has_more: end < size, next_cursor: end < size ? String(end) : null };
  };
  return { v1: { ask } as unknown as V1, asked };
}

describe('every entry', () => {
  it.each([
    [0, 1, false],
    [100, 1, false],
    [101, 2, false],
    [1000, 10, false],
    [1001, 10, true],
  ])('of %d are read in %d calls', async (size, calls, more) => {
    const { v1, asked } = listOf(size);
    const read = await everyEntry(v1, ListInboxesRoute);
    expect([read.entries.length, read.more, asked.length]).toEqual([Math.min(size, 1000), more, calls]);
  });

  it('keeps what was asked for besides', async () => {
    const { v1, asked } = listOf(150);
    await everyEntry(v1, ListInboxesRoute, { query: { status: 'paused' } });
    expect(asked).toEqual([
      { limit: 100, status: 'paused' },
      { limit: 100, status: 'paused', cursor: '100' },
    ]);
  });
});

describe('the first entries', () => {
  it('are asked for in one call when a page has room for them', async () => {
    const { v1, asked } = listOf(500);
    expect(await firstEntries(v1, ListInboxesRoute, 3)).toEqual([0, 1, 2]);
    expect(asked).toEqual([{ limit: 3 }]);
  });

  it('are gathered from pages that hold fewer than were asked for', async () => {
    const { v1, asked } = listOf(500, 2);
    expect(await firstEntries(v1, ListInboxesRoute, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(asked).toHaveLength(3);
  });

  it('are fewer when there are no more', async () => {
    const { v1 } = listOf(2);
    expect(await firstEntries(v1, ListInboxesRoute, 5)).toHaveLength(2);
  });
});
