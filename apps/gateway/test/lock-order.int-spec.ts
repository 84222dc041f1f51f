import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { KeyId, newId } from '@postern/contracts';
import type { Database } from '@postern/platform';
import { inLockOrder, testDatabase } from '@postern/testing';
import { periodAt } from '../src/credits/period.js';
import { ApiKeysStore } from '../src/store/api-keys.store.js';
import { CreditAccountsStore } from '../src/store/credit-accounts.store.js';
import { migrations, SCHEMA } from '../src/store/migrations/index.js';

const PERIOD = periodAt(new Date());
const one = newId('org');
const other = newId('org');
const [first, second] = one < other ? [one, other] : [other, one];

let database: Database;
let adminUrl: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, adminUrl, stop } = await testDatabase({ schema: SCHEMA, migrations, poolSize: 2 }));
});
beforeEach(() => database.query('DELETE FROM credit_accounts'));
afterAll(() => stop());

test('an account that is being opened is waited for by nobody who has a later one', async () => {
  const accounts = new CreditAccountsStore(database);
  const lock = (...owners: (typeof first)[]) =>
    database.transaction((tx) =>
      accounts.lock(
        tx,
        owners.map((organizationId) => ({ organizationId, period: PERIOD })),
      ),
    );
  await lock(second);
  await inLockOrder(adminUrl, {
    first: `INSERT INTO ${SCHEMA}.credit_accounts (organization_id, mode, period) VALUES ('${first}', 'live', '${PERIOD}')`,
    later: [`SELECT 1 FROM ${SCHEMA}.credit_accounts WHERE organization_id = '${second}' FOR UPDATE`],
    work: () => lock(second, first),
  });
  expect(await database.query('SELECT used FROM credit_accounts')).toEqual([{ used: 0 }, { used: 0 }]);
});

test('the last uses of keys are written in one order', async () => {
  const keyOf = (organizationId: string) => KeyId.parse(organizationId.replace('org_', 'key_'));
  for (const id of [first, second]) {
    await database.query(`INSERT INTO organizations (id, name) VALUES ($1, 'Acme')`, [id]);
    await database.query(
      `INSERT INTO api_keys (organization_id, mode, id, name, scopes, key_prefix, secret_hash)
       VALUES ($1, 'live', $2, 'key', '{*}', 'pn_live_', $3)`,
      [id, keyOf(id), randomBytes(32)],
    );
  }
  const lockOf = (owner: string): string =>
    `SELECT 1 FROM ${SCHEMA}.api_keys WHERE organization_id = '${owner}' FOR UPDATE`;
  const uses = [second, first].map((organizationId) => ({
    key: { organizationId, mode: 'live' as const, keyId: keyOf(organizationId) },
    at: new Date(),
  }));
  await inLockOrder(adminUrl, {
    first: lockOf(first),
    later: [lockOf(second)],
    work: () => new ApiKeysStore(database).touch(uses),
  });
  expect(await database.query('SELECT 1 FROM api_keys WHERE last_used_at IS NOT NULL')).toHaveLength(2);
});
