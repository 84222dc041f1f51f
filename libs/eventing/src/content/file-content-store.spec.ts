import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carry, keep, load, sha256 } from './content-store.js';
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

/** What every content store promises is tested for all of them; this is about the files. */
describe(FileContentStore, () => {
  it('keeps one file of what many put at once', async () => {
    const bytes = Buffer.from('same bytes');
    await Promise.all(Array.from({ length: 10 }, () => store.put(ORGANIZATION, sha256(bytes), bytes)));
    expect(await readdir(dirname(pathOf(sha256(bytes))))).toEqual([sha256(bytes)]);
  });

  it('leaves nothing of what ended early', async () => {
    const cutOff = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('cut off');
    };
    await expect(store.write(ORGANIZATION, cutOff())).rejects.toThrow('cut off');
    expect(await readdir(join(root, ORGANIZATION, 'incoming'))).toEqual([]);
  });

  it('reads what is being judged, and does not list it', async () => {
    const { sha256: hash } = await keep(store, ORGANIZATION, Buffer.from('judged'));
    const time = new Date(Date.now() - 2 * DAY_MS);
    await utimes(pathOf(hash), time, time);
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
