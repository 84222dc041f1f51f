import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { callerOf, startInfra, startService, waitFor, type Infra, type ServiceUnderTest } from '@postern/testing';
import { Outbox } from '../src/index.js';
import { Housekeeping } from '../src/partitions/housekeeping.js';
import { migrations, Noted, probeService, suppressionFact } from './probe.service.js';

const DAY_MS = 24 * 3600 * 1000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

let infra: Infra;
let sut: ServiceUnderTest;
let housekeeping: Housekeeping;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: probeService, schema: 'probe', migrations });
  housekeeping = sut.app.get(Housekeeping);
  await sut.database.transaction((tx) =>
    sut.app.get(Outbox).add(tx, Noted, [suppressionFact(callerOf(), 'kept@example.com')]),
  );
  await waitFor(() => count('notes'), 'the fact to be handled');
});

afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

async function count(table: string): Promise<number> {
  const [row] = await sut.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? 0;
}
const partitionsOf = async (table: string): Promise<string[]> =>
  (
    await sut.database.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass`,
      [table],
    )
  ).map(({ name }) => name);
const dayOf = (table: string, at: Date): string => `${table}_${at.toISOString().slice(0, 10).replaceAll('-', '')}`;
const setAckFloor = (floor: number) => sut.database.query(`UPDATE relay_state SET ack_floor = $1`, [floor]);

describe('housekeeping', () => {
  it('makes the partitions of the coming days', async () => {
    await housekeeping.turn(inDays(1));
    for (const table of ['outbox', 'inbox']) {
      expect(await partitionsOf(table)).toEqual(expect.arrayContaining([dayOf(table, inDays(4)), `${table}_default`]));
    }
  });

  it('keeps published facts that a consumer may still need, however old', async () => {
    await setAckFloor(0);
    await housekeeping.turn(inDays(3));
    expect(await count('outbox')).toBe(1);
  });

  it('drops facts of the day before yesterday that every consumer has, and the proof of their effect later', async () => {
    // The relay looks at the stream every five seconds and writes what it finds: this is about one moment.
    await waitFor(async () => {
      await setAckFloor(1_000_000);
      await housekeeping.turn(inDays(3));
      return (await count('outbox')) === 0;
    }, 'the partition to be dropped');
    expect(await count('inbox')).toBe(1);
    await housekeeping.turn(inDays(5));
    expect(await count('inbox')).toBe(0);
  });

  it('forgets idempotency keys after two days, not sooner', async () => {
    const add = (key: string, age: string) =>
      sut.database.query(
        `INSERT INTO idempotency_keys (organization_id, mode, scope, key, body_hash, resource_id, created_at)
         VALUES ($1, 'live', 's', $2, 'h', 'r', now() - $3::interval)`,
        [newId('org'), key, age],
      );
    await add('young', '47 hours');
    await add('old', '49 hours');
    await housekeeping.turn(new Date());
    const left = await sut.database.query<{ key: string }>(`SELECT key FROM idempotency_keys`);
    expect(left.map(({ key }) => key)).toEqual(['young']);
  });
});
