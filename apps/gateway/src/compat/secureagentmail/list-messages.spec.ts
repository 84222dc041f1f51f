import { describe, expect, it } from '@jest/globals';
import type { FrontRequest } from '../front.js';
import type { V1 } from '../v1.js';
import { listMessages } from './list-messages.js';

interface Asked {
  direction?: string;
  security_status?: string;
  delivery_status?: string;
  limit: number;
  cursor?: string;
}

/** An inbox with so many held messages (o1, o2, …) and so many withheld ones (i1, i2, …). */
function inboxWith(held: number, withheld: number): V1 {
  const ask = async (_route: unknown, { query }: { query: Asked }) => {
    const isOut = query.direction === 'outbound';
    expect(isOut ? query.delivery_status : query.security_status).toBe(isOut ? 'held' : 'withheld');
    const size = isOut ? held : withheld;
    const from = Number(query.cursor ?? 0);
    const end = Math.min(from + query.limit, size);
    const data = Array.from({ length: end - from }, (_, index) => ({
      ...message,
      id: `${isOut ? 'o' : 'i'}${from + index + 1}`,
      delivery_status: isOut ? 'held' : 'received',
    }));
    return { data, has_more: end < size, next_cursor: end < size ? String(end) : null };
  };
  return { ask } as unknown as V1;
}
const message = { from: { address: 'a@b.example', name: null }, to: [], attachments: [], security_status: 'withheld' };

interface Listed {
  messages: { id: string; status: string }[];
  has_more: boolean;
  next_cursor: string | null;
}
async function list(v1: V1, query: object): Promise<Listed> {
  const request = { params: { slug: 'support' }, query } as unknown as FrontRequest;
  return (await listMessages.answer(request, v1)).body as Listed;
}

describe('the list of withheld messages', () => {
  it.each([
    [0, 0],
    [0, 3],
    [2, 0],
    [2, 2],
    [4, 1],
    [3, 5],
  ])('has all of %d held and %d withheld ones in its pages, once each', async (held, withheld) => {
    const v1 = inboxWith(held, withheld);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Listed = await list(v1, { status: 'withheld', limit: '2', ...(cursor !== null && { cursor }) });
      expect(page.messages.length).toBeLessThanOrEqual(2);
      expect(page.has_more).toBe(page.next_cursor !== null);
      seen.push(...page.messages.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    const numbered = (letter: string, count: number) =>
      Array.from({ length: count }, (_, index) => letter + (index + 1));
    expect(seen).toEqual([...numbered('o', held), ...numbered('i', withheld)]);
  });

  it.each([
    ['outbound', ['o1', 'o2']],
    ['inbound', ['i1', 'i2', 'i3']],
  ])('of one direction has those that are %s', async (direction, ids) => {
    const { messages } = await list(inboxWith(2, 3), { status: 'withheld', direction });
    expect(messages.map(({ id }) => id)).toEqual(ids);
  });
});

it('the list of clean messages leaves out what is clean and was held', async () => {
  const of = (id: string, delivery_status: string) => ({ ...message, id, security_status: 'clean', delivery_status });
  const data = [of('m1', 'sent'), of('m2', 'held'), of('m3', 'received')];
  const v1 = { ask: async () => ({ data, has_more: true, next_cursor: 'x' }) } as unknown as V1;
  const page = await list(v1, { status: 'clean' });
  expect(page).toMatchObject({ messages: [{ id: 'm1' }, { id: 'm3' }], has_more: true, next_cursor: 'x' });
});
