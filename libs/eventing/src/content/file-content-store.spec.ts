import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carry, keep, load, sha256 } from './content-store.js';
import { FileContentStore } from './file-content-store.js';

const ORGANIZATION = 'org_01k9x5e8w2f7h8j9k0m1n2p3q4';
let root: string;
let store: FileContentStore;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-content-'));
  store = new FileContentStore(root);
});
afterAll(() => rm(root, { recursive: true }));

describe(FileContentStore, () => {
  it('keeps bytes once, under their hash, apart for each organization', async () => {
    const bytes = Buffer.from('same bytes');
    await Promise.all(Array.from({ length: 10 }, () => store.put(ORGANIZATION, sha256(bytes), bytes)));
    expect(await store.get(ORGANIZATION, sha256(bytes))).toEqual(bytes);
    expect(await store.get('org_other', sha256(bytes))).toBeNull();
    expect(await readdir(join(root, ORGANIZATION, sha256(bytes).slice(0, 2)))).toEqual([sha256(bytes)]);
    await store.delete(ORGANIZATION, sha256(bytes));
    await store.delete(ORGANIZATION, sha256(bytes));
    expect(await store.get(ORGANIZATION, sha256(bytes))).toBeNull();
  });

  it.each(['../x', 'a/b', '', 'A', '..'])('never leaves its root: %j', async (name) => {
    await expect(store.put(name, 'ab', Buffer.of())).rejects.toThrow();
    await expect(store.get(ORGANIZATION, name)).rejects.toThrow();
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
