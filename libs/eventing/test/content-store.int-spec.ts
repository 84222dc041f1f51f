import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keep, sha256, type StoredContent } from '../src/content/content-store.js';
import { fileStore, s3Store, type StoreUnderTest } from './content-stores.js';

const ORGANIZATION = 'org_01k9x5e8w2f7h8j9k0m1n2p3q4';
const DAY_SECONDS = 24 * 3600;
const LARGE_BYTES = 3 * 1024 * 1024;
/** Turns of the event loop by which a lease begins later, at most. */
const LEASE_LATEST_TURNS = 7;
/** More than any call takes. */
const HEAD_START_MOST_TURNS = 2_000;

async function* chunks(...parts: (string | Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await setImmediate();
}

const yesterday = (): Date => new Date(Date.now() - DAY_SECONDS * 1000);

/** What every content store promises. */
describe.each([
  { name: 'file', start: fileStore, races: 1_000 },
  { name: 's3', start: s3Store, races: 100 },
])('content store: $name', ({ start, races }) => {
  let under: StoreUnderTest;

  beforeAll(async () => {
    under = await start();
  });
  afterAll(() => under.stop());

  /** Puts content and lets its lease be two days old. */
  async function old(content: string | Buffer): Promise<string> {
    const { sha256: hash } = await keep(under.store, ORGANIZATION, Buffer.from(content));
    await under.age(ORGANIZATION, hash, 2 * DAY_SECONDS);
    return hash;
  }

  const listed = async (): Promise<StoredContent[]> => {
    const seen: StoredContent[] = [];
    for await (const one of under.store.list()) seen.push(one);
    return seen;
  };

  test.each([
    ['small', Buffer.from('same bytes')],
    ['large', randomBytes(LARGE_BYTES)],
    ['empty', Buffer.of()],
  ])('keeps %s content under its hash, apart for each organization', async (_, bytes) => {
    const { store } = under;
    const hash = sha256(bytes);
    await Promise.all(Array.from({ length: 5 }, () => store.put(ORGANIZATION, hash, bytes)));
    expect((await store.get(ORGANIZATION, hash))?.equals(bytes)).toBe(true);
    expect(await store.get('org_other', hash)).toBeNull();
    expect((await listed()).filter((one) => one.sha256 === hash)).toHaveLength(1);
    await store.delete(ORGANIZATION, hash);
    await store.delete(ORGANIZATION, hash);
    expect(await store.get(ORGANIZATION, hash)).toBeNull();
    expect(await store.renew(ORGANIZATION, hash)).toBe(false);
  });

  test.each(['../x', 'a/b', '', 'A', '..'])('takes no name that leads elsewhere: %j', async (name) => {
    const { store } = under;
    await expect(store.put(name, 'ab', Buffer.of())).rejects.toThrow();
    await expect(store.get(ORGANIZATION, name)).rejects.toThrow();
    await expect(store.write(name, chunks('x'))).rejects.toThrow();
  });

  test('stores what comes in pieces, and gives it in pieces', async () => {
    const { store } = under;
    for (const parts of [['in ', 'pieces'], [randomBytes(LARGE_BYTES), randomBytes(1)], ['in ', 'pieces'], []]) {
      const whole = Buffer.concat(parts.map((part) => Buffer.from(part)));
      const content = await store.write(ORGANIZATION, chunks(...parts));
      expect(content).toEqual({ sha256: sha256(whole), sizeBytes: whole.length });
      const opened = await store.open(ORGANIZATION, content.sha256);
      expect(opened?.sizeBytes).toBe(whole.length);
      expect((await buffer(opened?.stream ?? chunks())).equals(whole)).toBe(true);
    }
    expect(await store.open(ORGANIZATION, sha256('else'))).toBeNull();
  });

  test('leaves nothing of what ended early', async () => {
    await expect(under.store.write(ORGANIZATION, chunks('half', new Error('cut off')))).rejects.toThrow('cut off');
    expect(await under.store.get(ORGANIZATION, sha256('half'))).toBeNull();
  });

  test('collects what was not renewed, and only that', async () => {
    const { store } = under;
    const names = ['gone', 'put again', 'written again', 'renewed'];
    const hashes: string[] = [];
    for (const name of names) hashes.push((await keep(store, ORGANIZATION, Buffer.from(name))).sha256);
    const [gone = '', put = '', written = '', renewed = ''] = hashes;
    for (const hash of hashes) await under.age(ORGANIZATION, hash, 2 * DAY_SECONDS);
    await store.put(ORGANIZATION, put, Buffer.from('put again'));
    await store.write(ORGANIZATION, chunks('written again'));
    expect(await store.renew(ORGANIZATION, renewed)).toBe(true);
    const collected = await Promise.all(hashes.map((hash) => store.collect(ORGANIZATION, hash, yesterday())));
    expect(collected).toEqual([true, false, false, false]);
    expect(await store.get(ORGANIZATION, gone)).toBeNull();
    for (const hash of [put, written, renewed]) expect(await store.get(ORGANIZATION, hash)).not.toBeNull();
    expect(await store.collect(ORGANIZATION, gone, yesterday())).toBe(false);
  });

  test('lists what there is, with its lease', async () => {
    const hash = await old('listed');
    const leaseOf = async () => (await listed()).find((one) => one.sha256 === hash)?.renewedAt.getTime() ?? 0;
    expect((await listed()).find((one) => one.sha256 === hash)?.organizationId).toBe(ORGANIZATION);
    expect(await leaseOf()).toBeLessThan(yesterday().getTime());
    const before = Date.now();
    await under.store.renew(ORGANIZATION, hash);
    // To the second: a lease may look a little longer than it is, never shorter.
    expect(Math.ceil((await leaseOf()) / 1000)).toBeGreaterThanOrEqual(Math.floor(before / 1000));
  });

  test(`never collects what was put at the same time, ${races} times`, async () => {
    const { store } = under;
    const bytes = Buffer.from('contended');
    const hash = sha256(bytes);
    /** As a sender does that knows the content by its name only: renews, or brings the bytes when they are gone. */
    const leased = async (): Promise<void> => {
      if (!(await store.renew(ORGANIZATION, hash))) await store.put(ORGANIZATION, hash, bytes);
    };
    let collected = 0;
    // Of the lease, in turns: longer when it lost and shorter when it won, so that the races stay where they are close on any machine.
    let headStart = 0;
    for (let round = 0; round < races; round += 1) {
      await old(bytes);
      const lease = async (): Promise<unknown> => {
        await turns(round % LEASE_LATEST_TURNS);
        return round % 2 === 0 ? store.put(ORGANIZATION, hash, bytes) : leased();
      };
      const collector = async (): Promise<unknown> => {
        await turns(headStart);
        return store.collect(ORGANIZATION, hash, yesterday());
      };
      const outcomes = await Promise.all([lease(), collector(), collector()]);
      const isCollected = outcomes.includes(true);
      if (isCollected) collected += 1;
      headStart = isCollected ? Math.min(2 * headStart + 1, HEAD_START_MOST_TURNS) : Math.floor(headStart / 2);
      // Whoever was told that the lease is theirs finds the bytes, whatever was collected before.
      expect(await store.get(ORGANIZATION, hash)).toEqual(bytes);
    }
    // The race went both ways, else it proved nothing.
    expect(collected).toBeGreaterThan(0);
    expect(collected).toBeLessThan(races);
  });
});
