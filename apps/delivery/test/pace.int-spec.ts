import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Database } from '@postern/platform';
import { testDatabase, waitFor } from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { PaceStore } from '../src/store/paces.js';

const EVERY = 60;
const OFTEN = 5;
let database: Database;
let paces: PaceStore;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, stop } = await testDatabase({ schema: 'delivery', migrations, poolSize: 8 }));
});
beforeEach(async () => {
  await database.query('DELETE FROM paces');
  paces = new PaceStore(database, 'ses');
});
afterAll(() => stop());

/** What the account looks like as if `seconds` more had passed since everything that is known of it. */
const pass = (seconds: number) =>
  database.query(
    `UPDATE paces SET booked_until = booked_until - make_interval(secs => $1), part_at = part_at - make_interval(secs => $1),
                      asked_at = asked_at - make_interval(secs => $1)`,
    [seconds],
  );
const learn = async (more: { perSecond?: number | null; max24h?: number | null; sent24h?: number }, leased = 0) =>
  paces.learn({ perSecond: 1_000_000, max24h: null, sent24h: 0, ...more }, leased);

describe('the pace of an account', () => {
  test('a burst of a quarter of a second, then nothing until time passes', async () => {
    // Slow enough that the test itself takes no time by its measure.
    await paces.open(0.001, false);
    expect(await paces.lease(64, 0)).toMatchObject({ recipients: 0, scarce: 'rate', perSecond: 0.001 });
    await pass(10_000);
    expect(await paces.lease(64, 0)).toMatchObject({ recipients: 1, scarce: 'rate' });
    const { opensInMs } = await paces.lease(64, 0);
    expect(opensInMs).toBeGreaterThan(900_000);
    expect(opensInMs).toBeLessThanOrEqual(1_000_000);
    await learn({ perSecond: 400 });
    await pass(10_000);
    const lease = await paces.lease(1_000, 0);
    expect(lease).toMatchObject({ scarce: 'rate', perSecond: 400 });
    expect(lease.recipients).toBe(100);
  });

  test('leases of many at once are one after the other', async () => {
    await paces.open(400, false);
    await pass(10_000);
    const from = performance.now();
    const leases = await Promise.all(Array.from({ length: 40 }, () => paces.lease(10, 0)));
    const seconds = (performance.now() - from) / 1000;
    const total = leases.reduce((sum, { recipients }) => sum + recipients, 0);
    expect(total).toBeGreaterThanOrEqual(100);
    expect(total).toBeLessThanOrEqual(100 + Math.ceil(seconds * 400));
    expect(await paces.progress()).toMatchObject({ leased: total });
  });

  test('what was taken beyond a lease is paid for; what is given back is there again', async () => {
    await paces.open(0.01, false);
    await pass(1_000);
    expect((await paces.lease(1, 0)).recipients).toBe(1);
    expect(await paces.lease(1, 49)).toMatchObject({ recipients: 0, scarce: 'rate' });
    await pass(4_900);
    expect((await paces.lease(1, 0)).recipients).toBe(0);
    await pass(110);
    expect((await paces.lease(1, 0)).recipients).toBe(1);
    expect((await paces.lease(0, -1)).recipients).toBe(0);
    expect((await paces.lease(1, 0)).recipients).toBe(1);
    expect(await paces.progress()).toMatchObject({ leased: 51 });
  });

  test('one cut for all replicas in a second; it grows back', async () => {
    const speed = async (): Promise<number> => (await paces.lease(0, 0)).perSecond ?? 0;
    const cut = await waitFor(async () => {
      await database.query('DELETE FROM paces');
      await paces.open(1_000, false);
      const from = performance.now();
      await Promise.all(Array.from({ length: 10 }, () => paces.cut()));
      const cut = await speed();
      return performance.now() - from < 1_000 && cut;
    }, 'ten cuts within a second');
    expect(cut).toBeGreaterThanOrEqual(500);
    // What grows back in a second and a half.
    expect(cut).toBeLessThan(575);
    await pass(11);
    expect(await speed()).toBe(1_000);
    for (let i = 0; i < 20; i += 1) {
      await paces.cut();
      await pass(1.1);
    }
    expect(await speed()).toBeGreaterThan(1_000 / 32);
  });

  test('without a limit of any kind everything is there', async () => {
    await paces.open(null, true);
    expect(await paces.lease(1_000_000, 0)).toEqual({
      recipients: 1_000_000,
      scarce: null,
      opensInMs: 0,
      perSecond: null,
    });
  });

  test('a fixed rate follows its setting, a learned one is kept', async () => {
    await paces.open(14, false);
    await learn({ perSecond: 200 });
    await paces.open(14, false);
    expect((await paces.lease(0, 0)).perSecond).toBe(200);
    await paces.open(50, true);
    expect((await paces.lease(0, 0)).perSecond).toBe(50);
  });
});

describe('the 24 hours quota', () => {
  test('what is leased counts until the provider has counted it for certain', async () => {
    await paces.open(1_000_000, false);
    const asked = async (sent24h: number) => {
      await pass(EVERY);
      const leased = await paces.mayAsk(EVERY, OFTEN);
      if (leased === null) throw new Error('it was not time to ask');
      await learn({ max24h: 100, sent24h }, leased);
    };
    const lease = async (wanted: number) => {
      await pass(10);
      return paces.lease(wanted, 0);
    };
    await asked(0);
    await asked(0);
    expect(await lease(60)).toMatchObject({ recipients: 60, scarce: null });
    // Ten of them are on their way still: as far as anybody knows, all 60 may be.
    await asked(50);
    expect(await lease(60)).toMatchObject({ recipients: 0, scarce: 'quota' });
    await asked(60);
    expect(await lease(60)).toMatchObject({ recipients: 40, scarce: 'quota' });
    expect(await lease(1)).toMatchObject({ recipients: 0, scarce: 'quota' });
    await asked(90);
    await asked(90);
    expect(await lease(60)).toMatchObject({ recipients: 10, scarce: 'quota' });
  });

  test('of all replicas one asks, once a minute; close to the end more often', async () => {
    await paces.open(1_000_000, false);
    const answers = await Promise.all(Array.from({ length: 5 }, () => paces.mayAsk(EVERY, OFTEN)));
    expect(answers.filter((answer) => answer !== null)).toEqual([0]);
    await learn({ max24h: 100, sent24h: 0 });
    await pass(30);
    expect(await paces.mayAsk(EVERY, OFTEN)).toBeNull();
    await learn({ max24h: 100, sent24h: 97 });
    expect(await paces.mayAsk(EVERY, OFTEN)).toBe(0);
  });
});
