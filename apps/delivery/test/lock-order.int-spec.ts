import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { OrganizationId } from '@postern/contracts';
import type { Database } from '@postern/platform';
import { callerOf, inLockOrder, testDatabase } from '@postern/testing';
import { ClaimStore } from '../src/store/claims.js';
import { migrations } from '../src/store/migrations/index.js';
import { PauseStore } from '../src/store/pauses.js';
import { SuppressionStore } from '../src/store/suppressions.js';

const { organizationId, mode } = callerOf();
const TENANT = `'${organizationId}', '${mode}'`;
const ALL = { messages: 10, recipients: 10, leaseSeconds: 30, weights: new Map<string, number>() };

let database: Database;
let adminUrl: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, adminUrl, stop } = await testDatabase({ schema: 'delivery', migrations, poolSize: 4 }));
});
beforeEach(() => database.query('TRUNCATE sends, inbox_pauses, reputations, suppressions'));
afterAll(() => stop());

/** Pending sends, each due after the one before it. */
async function pending(...sends: { id: string; inbox?: string; from?: string; parked?: boolean }[]): Promise<void> {
  for (const [n, { id, inbox = 'inb_0', from = 'a@free.test', parked = false }] of sends.entries()) {
    await database.query(
      `INSERT INTO sends (organization_id, mode, message_id, inbox_id, state, next_attempt_at, mail_from, recipients, content,
                          in_doubt_rule, correlation_id, traceparent, parked)
       VALUES ($1, $2, $3, $4, 'pending', now() - interval '1 minute' + $5 * interval '1 second', $6, '{ann@example.com}', '{}',
               'resend', 'test', 'test', $7)`,
      [organizationId, mode, id, inbox, n, from, parked],
    );
  }
}
const pause = (inbox: string, state = 'paused') =>
  database.query(`INSERT INTO inbox_pauses VALUES (${TENANT}, $1, 1, $2)`, [inbox, state]);
const brake = (domain: string) =>
  database.query(
    `INSERT INTO reputations (organization_id, mode, scope, subject, level, cause, version)
     VALUES (${TENANT}, 'domain', $1, 'paused', 'bounces', 1)`,
    [domain],
  );
const lockOf = (table: string, column: string, value: string): string =>
  `SELECT 1 FROM delivery.${table} WHERE ${column} = '${value}' FOR UPDATE`;
const pauseOf = (inbox: string): string => lockOf('inbox_pauses', 'inbox_id', inbox);
const brakeOf = (domain: string): string => lockOf('reputations', 'subject', domain);
const claim = () => database.transaction((tx) => new ClaimStore(database).claim(tx, mode, '', ALL));

test('a claim locks pauses in one order, and brakes after them', async () => {
  await pending({ id: 'msg_1', from: 'a@x.test' }, { id: 'msg_2', inbox: 'inb_2' }, { id: 'msg_3', inbox: 'inb_1' });
  await Promise.all([pause('inb_1'), pause('inb_2'), brake('x.test')]);
  await inLockOrder(adminUrl, {
    first: pauseOf('inb_1'),
    later: [pauseOf('inb_2'), brakeOf('x.test')],
    work: claim,
  });
  expect(await database.query('SELECT DISTINCT deferred_reason FROM sends WHERE parked ORDER BY 1')).toEqual([
    { deferred_reason: 'inbox_paused' },
    { deferred_reason: 'reputation_paused' },
  ]);
});

test('a claim locks brakes in one order', async () => {
  await pending({ id: 'msg_1', from: 'a@y.test' }, { id: 'msg_2', from: 'a@x.test' }, { id: 'msg_3' });
  await Promise.all([brake('x.test'), brake('y.test')]);
  const found = await inLockOrder(adminUrl, {
    first: brakeOf('x.test'),
    later: [brakeOf('y.test')],
    work: claim,
  });
  expect(found).toMatchObject({ claims: expect.arrayContaining([expect.objectContaining({ goes: true })]) });
  expect(await database.query('SELECT message_id FROM sends WHERE parked ORDER BY 1')).toEqual([
    { message_id: 'msg_1' },
    { message_id: 'msg_2' },
  ]);
});

test('what a resume lets go is locked in the order in which sends are stopped', async () => {
  await pending({ id: 'msg_2', inbox: 'inb_1', parked: true }, { id: 'msg_1', inbox: 'inb_1', parked: true });
  await pause('inb_1', 'releasing');
  await inLockOrder(adminUrl, {
    first: lockOf('sends', 'message_id', 'msg_1'),
    later: [lockOf('sends', 'message_id', 'msg_2')],
    work: () => database.transaction((tx) => new PauseStore().release(tx)),
  });
  expect(await database.query('SELECT 1 FROM sends WHERE parked')).toEqual([]);
});

test('suppressions of several organizations are added in one order', async () => {
  const owners = [organizationId, callerOf().organizationId].toSorted().map((id) => OrganizationId.parse(id));
  const add = (owner: string, n: number): string =>
    `INSERT INTO delivery.suppressions (organization_id, mode, id, address, reason, one_of)
     VALUES ('${owner}', '${mode}', 'sup_${n}', 'ann@example.com', 'bounce', 1)`;
  const wanted = owners.map((owner) => ({
    organizationId: owner,
    mode,
    address: 'ann@example.com',
    reason: 'bounce' as const,
    sourceMessageId: null,
    oneOf: 1,
  }));
  const added = await inLockOrder(adminUrl, {
    first: add(owners[0] ?? '', 1),
    later: [add(owners[1] ?? '', 2)],
    work: () => database.transaction((tx) => new SuppressionStore(database).add(tx, wanted.toReversed())),
  });
  expect(added).toEqual([]);
});
