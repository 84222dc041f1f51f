import { expect, it } from '@jest/globals';
import type { FrontRequest } from '../front.js';
import type { V1 } from '../v1.js';
import { creditRoutes } from './credits.js';

const ledger = creditRoutes.find(({ path }) => path === '/credits/ledger');
const entry = (id: string, created_at: string) => ({ id, reason: 'message_sent', amount: -1, balance: 5, created_at });
const v1 = {
  ask: async () => ({
    data: [entry('new', '2026-11-21T12:00:00.000Z'), entry('old', '2026-11-21T11:00:00.000Z')],
    has_more: true,
    next_cursor: 'more',
  }),
} as unknown as V1;

it.each([
  ['without a limit', {}, ['new', 'old'], 'more'],
  ['with all of it late enough', { since: '2026-11-21T11:00:00Z' }, ['new', 'old'], 'more'],
  ['up to what is too old', { since: '2026-11-21T12:30:00+01:00' }, ['new'], null],
  ['of a reason that costs nothing', { reason: 'ai_scan' }, [], null],
])('the ledger %s', async (_what, query, ids, next) => {
  const reply = await ledger?.answer({ query } as unknown as FrontRequest, v1);
  const { entries, ...rest } = { entries: [], ...(reply?.body as { entries: { id: string }[] } | undefined) };
  expect(entries.map(({ id }) => id)).toEqual(ids);
  expect(rest).toEqual({ has_more: next !== null, next_cursor: next });
});
