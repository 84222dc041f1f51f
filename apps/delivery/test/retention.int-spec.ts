import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '@postern/platform';
import { testDatabase } from '@postern/testing';
import { SEND_STATES } from '../src/send/send-machine.js';
import { migrations } from '../src/store/migrations/index.js';
import { forgetOldSends } from '../src/store/old-sends.js';

const DAYS = 30;
let database: Database;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, stop } = await testDatabase({ schema: 'delivery', migrations, poolSize: 2 }));
});
beforeEach(() => database.query('DELETE FROM sends'));
afterAll(() => stop());

/** One send in each state, last touched that long ago, of a message that came or did not. */
async function sends(age: string, came: boolean): Promise<void> {
  await database.query(
    `INSERT INTO sends (organization_id, mode, message_id, state, next_attempt_at, mail_from, recipients, content, ses_message_id,
                        attempt, claim_token, lease_until, in_doubt_since, in_doubt_rule, correlation_id, traceparent, updated_at)
     SELECT 'org_a', 'live', state || $1, state, now() - $1::interval, CASE WHEN $2 THEN 'a@x.test' END, '{b@y.test}',
            CASE WHEN state IN ('pending', 'claimed', 'in_doubt') THEN '{}'::jsonb END, CASE WHEN state = 'sent' THEN 'ses' END, 1,
            CASE WHEN state = 'claimed' THEN gen_random_uuid() END, CASE WHEN state = 'claimed' THEN now() END,
            CASE WHEN state = 'in_doubt' THEN now() END, 'fail', 'test', 'test', now() - $1::interval
       FROM unnest($3::text[]) AS state`,
    [age, came, came ? SEND_STATES : ['cancelled', 'expected']],
  );
}
const left = async (): Promise<string[]> =>
  (await database.query<{ state: string }>('SELECT state FROM sends ORDER BY state')).map(({ state }) => state);

test('what ended is forgotten when its time is over, and never what is open', async () => {
  await sends('31 days', true);
  expect(await forgetOldSends(database, DAYS)).toBe(false);
  expect(await left()).toEqual(['claimed', 'expected', 'in_doubt', 'pending']);
});

test('what ended lately is kept', async () => {
  await sends('29 days', true);
  await forgetOldSends(database, DAYS);
  expect(await left()).toEqual([...SEND_STATES].sort());
});

test('tombstones of messages that never came are kept for 72 hours', async () => {
  await sends('71 hours', false);
  await forgetOldSends(database, DAYS);
  expect(await left()).toEqual(['cancelled', 'expected']);
  await database.query(
    `UPDATE sends SET updated_at = now() - interval '73 hours', next_attempt_at = now() - interval '73 hours'`,
  );
  await forgetOldSends(database, DAYS);
  expect(await left()).toEqual([]);
});

test('a message that was moved to a time to come may still come', async () => {
  await sends('73 hours', false);
  await database.query(`UPDATE sends SET next_attempt_at = now() + interval '1 hour' WHERE state = 'expected'`);
  await forgetOldSends(database, DAYS);
  expect(await left()).toEqual(['expected']);
});
