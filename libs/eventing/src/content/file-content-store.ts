import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContentStore } from './content-store.js';

const SAFE_NAME = /^[a-z0-9_]+$/;

const isMissing = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOENT';

/** Content in files: `<root>/<organization>/<first two hex digits>/<sha256>`, written aside, synced, then renamed. */
export class FileContentStore implements ContentStore {
  constructor(private readonly root: string) {}

  async put(organizationId: string, sha256: string, bytes: Uint8Array): Promise<void> {
    const path = this.path(organizationId, sha256);
    try {
      // There already: a fresh time renews its lease against garbage collection.
      const now = new Date();
      await utimes(path, now, now);
      return;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    await mkdir(dirname(path), { recursive: true });
    const aside = `${path}.${randomUUID()}`;
    try {
      await writeDurably(aside, bytes);
      await rename(aside, path);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
    await syncDirectory(dirname(path));
  }

  async get(organizationId: string, sha256: string): Promise<Buffer | null> {
    try {
      return await readFile(this.path(organizationId, sha256));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async delete(organizationId: string, sha256: string): Promise<void> {
    await rm(this.path(organizationId, sha256), { force: true });
  }

  private path(organizationId: string, sha256: string): string {
    if (!SAFE_NAME.test(organizationId) || !SAFE_NAME.test(sha256)) throw new Error('not a name of stored content');
    return join(this.root, organizationId, sha256.slice(0, 2), sha256);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
