import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '@postern/platform';
import { callerOf, inLockOrder, testDatabase } from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { SearchIndexStore } from '../src/store/search-index.store.js';
import { SearchQueueStore } from '../src/store/search-queue.store.js';

const SCHEMA = 'messaging';
const CALLER = callerOf();

let database: Database;
let adminUrl: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, adminUrl, stop } = await testDatabase({ schema: 'messaging', migrations, poolSize: 2 }));
});

afterAll(() => stop());

test('an indexer that takes the newest messages locks them in the order in which messages are marked', async () => {
  const queue = new SearchQueueStore();
  await database.query(
    `INSERT INTO search_queue (organization_id, mode, message_id, inbox_id)
     SELECT $1, $2, unnest(array['msg_1', 'msg_2']), 'inb_a'`,
    [CALLER.organizationId, CALLER.mode],
  );
  const lockOf = (id: string): string => `SELECT 1 FROM ${SCHEMA}.search_queue WHERE message_id = '${id}' FOR UPDATE`;
  const picked = await inLockOrder(adminUrl, {
    first: lockOf('msg_1'),
    later: [lockOf('msg_2')],
    work: () => database.transaction((tx) => queue.ofTenant(tx, CALLER, 10, 1_000)),
  });
  expect(picked).toMatchObject([{ message_id: 'msg_2' }, { message_id: 'msg_1' }]);
});

test('indexers take the counters of scopes in one order, also of those that are new', async () => {
  const index = new SearchIndexStore();
  const scope = (scope_id: string) => ({ organization_id: CALLER.organizationId, mode: CALLER.mode, scope_id });
  await database.transaction((tx) => index.lockScopes(tx, ['inb_a', 'inb_c'].map(scope)));
  const lockOf = (id: string): string => `SELECT 1 FROM ${SCHEMA}.search_scopes WHERE scope_id = '${id}' FOR UPDATE`;
  const locked = await inLockOrder(adminUrl, {
    first: lockOf('inb_a'),
    later: [lockOf('inb_c')],
    work: () => database.transaction((tx) => index.lockScopes(tx, ['inb_c', 'inb_b', 'inb_a'].map(scope))),
  });
  expect(locked).toMatchObject(['inb_a', 'inb_b', 'inb_c'].map((scope_id) => ({ scope_id, next_ordinal: 0 })));
});
