import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Content } from '@postern/contracts';
import { allBlobs, collectBlob, findBlob, INCOMING, renewBlob } from './blob-files.js';
import { requireNames } from './content-name.js';
import type { ContentStore, OpenedContent, StoredContent } from './content-store.js';
import { writeAll } from './write-all.js';

/**
 * Content in files: `<root>/<organization>/<first two hex digits>/<sha256>`, written aside, synced, then renamed. The time
 * of a file's last change is its lease. For a directory that all processes share, with the semantics of POSIX.
 */
export class FileContentStore implements ContentStore {
  constructor(private readonly root: string) {}

  async put(organizationId: string, sha256: string, bytes: Uint8Array): Promise<void> {
    const path = this.path(organizationId, sha256);
    if (await renewBlob(path)) return;
    await this.writeAside(organizationId, async (file) => {
      await file.writeFile(bytes);
      return path;
    });
  }

  async write(organizationId: string, source: AsyncIterable<Uint8Array>): Promise<Content> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    let sha256 = '';
    await this.writeAside(organizationId, async (file) => {
      for await (const chunk of source) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
        await writeAll(file, chunk);
      }
      sha256 = hash.digest('hex');
      return this.path(organizationId, sha256);
    });
    return { sha256, sizeBytes };
  }

  async get(organizationId: string, sha256: string): Promise<Buffer | null> {
    const file = await findBlob(this.path(organizationId, sha256));
    if (file === null) return null;
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  async open(organizationId: string, sha256: string): Promise<OpenedContent | null> {
    const file = await findBlob(this.path(organizationId, sha256));
    if (file === null) return null;
    const { size } = await file.stat();
    return { sizeBytes: size, stream: file.createReadStream() };
  }

  renew(organizationId: string, sha256: string): Promise<boolean> {
    return renewBlob(this.path(organizationId, sha256));
  }

  async delete(organizationId: string, sha256: string): Promise<void> {
    await rm(this.path(organizationId, sha256), { force: true });
  }

  list(): AsyncIterable<StoredContent> {
    return allBlobs(this.root);
  }

  collect(organizationId: string, sha256: string, notRenewedSince: Date): Promise<boolean> {
    return collectBlob(this.path(organizationId, sha256), notRenewedSince);
  }

  private path(organizationId: string, sha256: string): string {
    requireNames(organizationId, sha256);
    return join(this.root, organizationId, sha256.slice(0, 2), sha256);
  }

  /** @param fill  writes the content and says where it belongs. A fresh file there is a fresh lease. */
  private async writeAside(organizationId: string, fill: (file: FileHandle) => Promise<string>): Promise<void> {
    requireNames(organizationId);
    const aside = join(this.root, organizationId, INCOMING, randomUUID());
    await makeDirectory(dirname(aside));
    const file = await open(aside, 'wx', 0o600);
    try {
      const path = await closing(file, async () => {
        const wanted = await fill(file);
        await file.sync();
        return wanted;
      });
      await makeDirectory(dirname(path));
      await rename(aside, path);
      await syncDirectory(dirname(path));
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
  }
}

async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

/** A new directory is on disk only when the one above it is. */
async function makeDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let directory = path; directory.length >= made.length; directory = dirname(directory)) {
    await syncDirectory(dirname(directory));
  }
}

/** A rename is on disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await closing(directory, () => directory.sync());
}
