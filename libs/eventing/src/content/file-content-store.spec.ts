import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carry, keep, load, sha256, type StoredContent } from './content-store.js';
import { FileContentStore } from './file-content-store.js';

const ORGANIZATION = 'org_01k9x5e8w2f7h8j9k0m1n2p3q4';
const DAY_MS = 24 * 3600 * 1000;
let root: string;
let store: FileContentStore;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-content-'));
  store = new FileContentStore(root);
});
afterAll(() => rm(root, { recursive: true }));

const pathOf = (hash: string): string => join(root, ORGANIZATION, hash.slice(0, 2), hash);
const yesterday = (): Date => new Date(Date.now() - DAY_MS);

/** Puts content and lets its lease be two days old. */
async function old(text: string): Promise<string> {
  const { sha256: hash } = await keep(store, ORGANIZATION, Buffer.from(text));
  const time = new Date(Date.now() - 2 * DAY_MS);
  await utimes(pathOf(hash), time, time);
  return hash;
}

async function* chunks(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

describe(FileContentStore, () => {
  it('keeps bytes once, under their hash, apart for each organization', async () => {
    const bytes = Buffer.from('same bytes');
    await Promise.all(Array.from({ length: 10 }, () => store.put(ORGANIZATION, sha256(bytes), bytes)));
    expect(await store.get(ORGANIZATION, sha256(bytes))).toEqual(bytes);
    expect(await store.get('org_other', sha256(bytes))).toBeNull();
    expect(await readdir(dirname(pathOf(sha256(bytes))))).toEqual([sha256(bytes)]);
    await store.delete(ORGANIZATION, sha256(bytes));
    await store.delete(ORGANIZATION, sha256(bytes));
    expect(await store.get(ORGANIZATION, sha256(bytes))).toBeNull();
  });

  it.each(['../x', 'a/b', '', 'A', '..'])('never leaves its root: %j', async (name) => {
    await expect(store.put(name, 'ab', Buffer.of())).rejects.toThrow();
    await expect(store.get(ORGANIZATION, name)).rejects.toThrow();
    await expect(store.write(name, chunks('x'))).rejects.toThrow();
  });

  it('stores what comes in pieces, and gives it in pieces', async () => {
    const content = await store.write(ORGANIZATION, chunks('in ', 'pieces'));
    expect(content).toEqual({ sha256: sha256('in pieces'), sizeBytes: 9 });
    const opened = await store.open(ORGANIZATION, content.sha256);
    expect(opened?.sizeBytes).toBe(9);
    expect(await buffer(opened?.stream ?? chunks())).toEqual(Buffer.from('in pieces'));
    expect(await store.open(ORGANIZATION, sha256('else'))).toBeNull();
  });

  it('leaves nothing of what ended early', async () => {
    await expect(store.write(ORGANIZATION, chunks('half', new Error('cut off')))).rejects.toThrow('cut off');
    expect(await readdir(join(root, ORGANIZATION, 'incoming'))).toEqual([]);
    expect(await store.get(ORGANIZATION, sha256('half'))).toBeNull();
  });
});

describe('collection', () => {
  it('takes what was not renewed, and only that', async () => {
    const [gone, put, renewed] = [await old('gone'), await old('put again'), await old('renewed')];
    await store.put(ORGANIZATION, put, Buffer.from('put again'));
    expect(await store.renew(ORGANIZATION, renewed)).toBe(true);
    const results = [gone, put, renewed].map((hash) => store.collect(ORGANIZATION, hash, yesterday()));
    expect(await Promise.all(results)).toEqual([true, false, false]);
    expect(await store.get(ORGANIZATION, gone)).toBeNull();
    expect(await store.get(ORGANIZATION, put)).not.toBeNull();
    expect(await store.renew(ORGANIZATION, gone)).toBe(false);
    expect(await store.collect(ORGANIZATION, gone, yesterday())).toBe(false);
  });

  it('lists what there is, with its lease', async () => {
    const hash = await old('listed');
    const seen: StoredContent[] = [];
    for await (const one of store.list()) seen.push(one);
    const listed = seen.find((one) => one.sha256 === hash);
    expect(listed?.organizationId).toBe(ORGANIZATION);
    expect(listed?.renewedAt.getTime()).toBeLessThan(yesterday().getTime());
  });

  it('reads what is being judged, and does not list it', async () => {
    const hash = await old('judged');
    await rename(pathOf(hash), `${pathOf(hash)}.other-process.judged`);
    expect(await store.get(ORGANIZATION, hash)).toEqual(Buffer.from('judged'));
    for await (const one of store.list()) expect(one.sha256).not.toBe(hash);
    await store.put(ORGANIZATION, hash, Buffer.from('judged'));
    expect(await store.collect(ORGANIZATION, hash, yesterday())).toBe(false);
  });

  it('leaves an upload alone that is under way', async () => {
    const incoming = join(root, ORGANIZATION, 'incoming');
    await mkdir(incoming, { recursive: true });
    await writeFile(join(incoming, 'under-way'), 'x');
    for await (const _one of store.list());
    expect(await readdir(incoming)).toEqual(['under-way']);
  });

  it('never takes what was put at the same time, 1,000 times', async () => {
    const bytes = Buffer.from('contended');
    const hash = sha256(bytes);
    let collected = 0;
    for (let round = 0; round < 1_000; round += 1) {
      await old('contended');
      const lease = async (): Promise<unknown> =>
        round % 2 === 0 ? store.put(ORGANIZATION, hash, bytes) : leased(hash);
      const collector = async (): Promise<unknown> => store.collect(ORGANIZATION, hash, yesterday());
      // Each of the three comes first, second and last in turn.
      const [first, second, third] = [lease, collector, collector].map((_, n, all) => all[(n + round) % 3] ?? lease);
      const outcomes = await Promise.all([first?.(), second?.(), third?.()]);
      if (outcomes.includes(true)) collected += 1;
      // Whoever was told that the lease is theirs finds the bytes, whatever was collected before.
      expect(await store.get(ORGANIZATION, hash)).toEqual(bytes);
    }
    // The race went both ways, else it proved nothing.
    expect(collected).toBeGreaterThan(0);
    expect(collected).toBeLessThan(1_000);
  }, 60_000);

  /** As a sender does that knows the content by its name only: renews, or brings the bytes when they are gone. */
  async function leased(hash: string): Promise<void> {
    if (!(await store.renew(ORGANIZATION, hash))) await store.put(ORGANIZATION, hash, Buffer.from('contended'));
  }
});

describe('content of a fact', () => {
  it('travels inside when it is small, else by reference', async () => {
    const small = await carry(store, ORGANIZATION, Buffer.alloc(32 * 1024, 1));
    const large = await carry(store, ORGANIZATION, Buffer.alloc(32 * 1024 + 1, 1));
    expect(small.inline).toBeDefined();
    expect(large.inline).toBeUndefined();
    expect(await load(store, ORGANIZATION, small)).toHaveLength(32 * 1024);
    expect(await load(store, ORGANIZATION, large)).toHaveLength(32 * 1024 + 1);
  });

  it('is missed, not made up, when the store lost it', async () => {
    const content = await keep(store, ORGANIZATION, Buffer.from('lost'));
    await store.delete(ORGANIZATION, content.sha256);
    await expect(load(store, ORGANIZATION, content)).rejects.toThrow('not in the store');
  });
});
