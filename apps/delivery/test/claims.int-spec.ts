import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId, type Mode } from '@postern/contracts';
import type { Database } from '@postern/platform';
import { testDatabase, waitFor } from '@postern/testing';
import type { ClaimedSend } from '../src/send/send.js';
import type { Settlement } from '../src/send/settlement.js';
import { ClaimStore, type Claims } from '../src/store/claims.js';
import { migrations } from '../src/store/migrations/index.js';
import { ResultStore } from '../src/store/results.js';

const LEASE_SECONDS = 30;
const MANY = 1_000_000;
let claims: ClaimStore;
const results = new ResultStore();
let database: Database;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, stop } = await testDatabase({ schema: 'delivery', migrations, poolSize: 4 }));
  claims = new ClaimStore(database);
});
afterEach(async () => {
  await database.query('DELETE FROM sends');
  await database.query('DELETE FROM suppressions');
});
afterAll(() => stop());

/** Pending sends of an organization, due one after the other, the last one now. */
async function pending(organizationId: string, count: number, more: { mode?: Mode; due?: string; to?: string[] } = {}) {
  await database.query(
    `INSERT INTO sends (organization_id, mode, message_id, state, next_attempt_at, mail_from, recipients, content,
                        in_doubt_rule, correlation_id, traceparent)
     SELECT $1, $2, 'msg_' || lpad(n::text, 8, '0'), 'pending', now() + $3::interval - ($4 - n) * interval '1 ms', 'a@x.test', $5, '{}',
            'resend', 'test', 'test' FROM generate_series(1, $4::int) AS n`,
    [organizationId, more.mode ?? 'live', more.due ?? '0 seconds', count, more.to ?? ['ann@example.com']],
  );
}

const claim = (
  messages: number,
  cursor = '',
  mode: Mode = 'live',
  more: { recipients?: number; weights?: Record<string, number> } = {},
): Promise<Claims> =>
  database.transaction((tx) =>
    claims.claim(tx, mode, cursor, {
      messages,
      recipients: more.recipients ?? MANY,
      leaseSeconds: LEASE_SECONDS,
      weights: new Map(Object.entries(more.weights ?? {})),
    }),
  );
const perOrganization = (found: Claims): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { send } of found.claims) counts[send.organizationId] = (counts[send.organizationId] ?? 0) + 1;
  return counts;
};
const row = async (send: ClaimedSend) => {
  const [found] = await database.query<Record<string, unknown>>(
    'SELECT * FROM sends WHERE organization_id = $1 AND message_id = $2',
    [send.organizationId, send.messageId],
  );
  return found;
};
const settlement = (more: Partial<Settlement>): Settlement => ({
  input: 'take',
  delayMs: null,
  triesSpent: 0,
  sesMessageId: 'ses-1',
  code: null,
  reason: null,
  deferral: null,
  ...more,
});
const save = (send: ClaimedSend, more: Partial<Settlement>) =>
  database.transaction((tx) => results.save(tx, [{ send, settlement: settlement(more) }]));
const one = async (): Promise<ClaimedSend> => {
  const { claims: found } = await claim(1);
  if (found[0] === undefined) throw new Error('nothing was claimed');
  return found[0].send;
};

/** Since the start of the server: rows of sends that were looked at, in the table or an index, and changed. */
async function rowsRead(): Promise<{ read: number; updated: number }> {
  const [row] = await database.query<{ read: number; updated: number }>(
    `SELECT (t.seq_tup_read + (SELECT sum(i.idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid))::int AS read,
            t.n_tup_upd::int AS updated
       FROM pg_stat_user_tables t WHERE t.relid = 'sends'::regclass`,
  );
  if (row === undefined) throw new Error('no statistics');
  return row;
}

describe('a claim', () => {
  test('gives every organization the same share, its earliest first', async () => {
    const [big, small, other] = ['org_a', 'org_b', 'org_c'];
    await pending(big, 5_000);
    await pending(small, 2);
    await pending(other, 50);
    const found = await claim(30);
    expect(perOrganization(found)).toEqual({ [big]: 10, [small]: 2, [other]: 10 });
    const ofBig = found.claims.filter(({ send }) => send.organizationId === big).map(({ send }) => send.messageId);
    expect(ofBig.sort()).toEqual(Array.from({ length: 10 }, (_, n) => `msg_${String(n + 1).padStart(8, '0')}`));
  });

  test('goes round when there are more organizations than places', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await pending(`org_${name}`, 3);
    const first = await claim(2);
    const second = await claim(2, first.cursor);
    const third = await claim(2, second.cursor);
    expect([first, second, third].map((found) => Object.keys(perOrganization(found)).sort())).toEqual([
      ['org_a', 'org_b'],
      ['org_c', 'org_d'],
      ['org_e'],
    ]);
    expect(third.cursor).toBe('');
  });

  test('gives an organization with a weight so much more', async () => {
    await pending('org_a', 50);
    await pending('org_b', 50);
    const found = await claim(30, '', 'live', { weights: { org_b: 4 } });
    expect(perOrganization(found)).toEqual({ org_a: 6, org_b: 24 });
  });

  test('counts recipients, in rounds: whoever writes to many gets no more of them', async () => {
    const fifty = Array.from({ length: 50 }, (_, index) => `ann${index}@example.com`);
    await pending('org_a', 20, { to: fifty });
    await pending('org_b', 200);
    const found = await claim(64, '', 'live', { recipients: 80 });
    // One to 50 in the first round, and as many of the other one until it is level.
    expect(perOrganization(found)).toEqual({ org_a: 1, org_b: 30 });
    expect(perOrganization(await claim(64, '', 'live', { recipients: 1 }))).toEqual({ org_a: 1 });
  });

  test('goes on after the last one that had its turn, when the rate does not allow one for each', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await pending(`org_${name}`, 3);
    const turns: string[][] = [];
    for (let cursor = '', turn = 0; turn < 5; turn += 1) {
      const found = await claim(64, cursor, 'live', { recipients: 2 });
      turns.push(Object.keys(perOrganization(found)).sort());
      ({ cursor } = found);
    }
    expect(turns).toEqual([['org_a', 'org_b'], ['org_c', 'org_d'], ['org_e'], ['org_a', 'org_b'], ['org_c', 'org_d']]);
  });

  test('leaves alone what is not due, in another mode, or claimed', async () => {
    await pending('org_a', 3, { due: '1 hour' });
    await pending('org_b', 3, { mode: 'test' });
    await pending('org_c', 1);
    expect(await claims.isAnyDue('live')).toBe(true);
    expect(perOrganization(await claim(10))).toEqual({ org_c: 1 });
    expect((await claim(10)).claims).toEqual([]);
    expect(await claims.isAnyDue('live')).toBe(false);
  });

  test('of two at the same time, each has its own', async () => {
    await pending('org_a', 40);
    const both = await Promise.all([claim(20), claim(20)]);
    const ids = both.flatMap((found) => found.claims.map(({ send }) => send.messageId));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(20);
  });

  test('a suppression that was committed before is obeyed, however long the send has waited', async () => {
    await pending('org_a', 1, { to: ['Ann@Example.com', 'bob@example.com'] });
    await database.query(
      `INSERT INTO suppressions (organization_id, mode, id, address, reason)
       VALUES ('org_a', 'live', $1, 'ann@example.com', 'complaint'), ('org_z', 'live', $1, 'bob@example.com', 'bounce'),
              ('org_a', 'test', $1, 'bob@example.com', 'bounce')`,
      [newId('sup')],
    );
    const [found] = (await claim(1)).claims;
    expect(found).toMatchObject({
      goes: true,
      dropped: [{ address: 'Ann@Example.com', reason: 'complaint' }],
      send: { recipients: ['bob@example.com'] },
    });
  });

  test('with nobody left the send ends, and its content is forgotten', async () => {
    await pending('org_a', 1);
    await database.query(
      `INSERT INTO suppressions (organization_id, mode, id, address, reason) VALUES ('org_a', 'live', $1, 'ann@example.com', 'manual')`,
      [newId('sup')],
    );
    const [found] = (await claim(1)).claims;
    expect(found?.goes).toBe(false);
    expect(await row(found?.send as ClaimedSend)).toMatchObject({ state: 'suppressed', attempt: 0, content: null });
  });

  test('what was left out once is not told again', async () => {
    await pending('org_a', 1, { to: ['ann@example.com', 'bob@example.com'] });
    await database.query(
      `INSERT INTO suppressions (organization_id, mode, id, address, reason) VALUES ('org_a', 'live', $1, 'ann@example.com', 'manual')`,
      [newId('sup')],
    );
    const send = await one();
    await save(send, { input: 'wait', delayMs: 0, sesMessageId: null, code: 'Throttling' });
    const [again] = (await claim(1)).claims;
    expect(again).toMatchObject({ dropped: [], send: { recipients: ['bob@example.com'], attempt: 2 } });
  });

  test('costs about the same with 200,000 sends waiting', async () => {
    await pending('org_a', 100_000);
    await pending('org_b', 100_000, { due: '1 hour' });
    await database.query('ANALYZE sends');
    await claim(64);
    const before = await rowsRead();
    for (let i = 0; i < 10; i += 1) expect((await claim(64)).claims).toHaveLength(64);
    const after = await waitFor(async () => {
      const now = await rowsRead();
      // The server counts a moment later, both at once.
      return now.updated >= before.updated + 640 && now;
    }, 'the server to have counted');
    // Three for each that is claimed; a plan that reads all that waits would read two million.
    expect(after.read - before.read).toBeLessThan(10_000);
  });
});

describe('a result', () => {
  test('of the last caller is written', async () => {
    await pending('org_a', 1);
    const send = await one();
    expect(await save(send, {})).toEqual([true]);
    expect(await row(send)).toMatchObject({ state: 'sent', ses_message_id: 'ses-1', claim_token: null, content: null });
    expect(await save(send, {})).toEqual([false]);
  });

  test('of a caller whom another one has followed changes nothing', async () => {
    await pending('org_a', 1);
    const late = await one();
    await save(late, { input: 'wait', delayMs: 0, sesMessageId: null, code: 'Throttling' });
    const current = await one();
    for (const input of ['take', 'wait', 'reject', 'give_up', 'doubt', 'give_back'] as const) {
      expect(await save(late, { input, delayMs: 0 })).toEqual([false]);
    }
    expect(await row(current)).toMatchObject({ state: 'claimed', claim_token: current.claimToken, attempt: 2 });
  });

  test('that comes after the lease, but before anybody else, ends the doubt', async () => {
    await pending('org_a', 1);
    const send = await one();
    await save(send, { input: 'doubt', sesMessageId: null, code: 'TimeoutError' });
    expect(await save(send, { input: 'doubt', sesMessageId: null })).toEqual([false]);
    expect(await save(send, {})).toEqual([true]);
    expect(await row(send)).toMatchObject({ state: 'sent', in_doubt_since: null });
  });

  test('that SES was not asked gives the attempt back', async () => {
    await pending('org_a', 1);
    const send = await one();
    await save(send, { input: 'give_back', delayMs: 0, sesMessageId: null });
    expect(await row(send)).toMatchObject({ state: 'pending', attempt: 0, tries: 0, lease_until: null });
  });
});

test('the constraints refuse states that the machine does not know', async () => {
  await pending('org_a', 1);
  const broken = [
    `state = 'claimed'`,
    `state = 'in_doubt'`,
    `state = 'sent', content = NULL`,
    `state = 'failed'`,
    `content = NULL`,
    `state = 'elsewhere'`,
    `left_out = recipients`,
    `state = 'cancelled', content = NULL, parked = true`,
  ];
  for (const change of broken) {
    await expect(database.query(`UPDATE sends SET ${change}`)).rejects.toMatchObject({ code: '23514' });
  }
});
