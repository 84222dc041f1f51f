import { createHash, randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Content } from '@postern/contracts';
import { requireNames } from './content-name.js';
import type { ContentStore, OpenedContent, StoredContent } from './content-store.js';
import type { S3Blobs, Version } from './s3-blobs.js';
import { writeAll } from './write-all.js';

/** From here on it is asked first whether the octets must be sent at all. Below, asking takes as long as sending. */
const ASK_FIRST_BYTES = 128 * 1024;
const NAME = /^(?<organizationId>[a-z0-9_]+)\/(?<sha256>[0-9a-f]{64})$/;

/**
 * Content in S3: `<prefix><organization>/<sha256>`, in a bucket with versions. Each put and each renewal is a version of its
 * own, so the time of the newest one is the lease, and what is deleted are the versions that were judged: one that was
 * written meanwhile stays. (ETags cannot tell them apart, the octets are the same.)
 */
export class S3ContentStore implements ContentStore, OnApplicationShutdown {
  constructor(
    private readonly blobs: S3Blobs,
    private readonly prefix: string,
  ) {}

  async put(organizationId: string, sha256: string, bytes: Uint8Array): Promise<void> {
    const key = this.key(organizationId, sha256);
    if (bytes.byteLength >= ASK_FIRST_BYTES && (await this.blobs.renew(key))) return;
    await this.blobs.put(key, sha256, bytes, bytes.byteLength);
  }

  async write(organizationId: string, source: AsyncIterable<Uint8Array>): Promise<Content> {
    requireNames(organizationId);
    return withSpool(async (spool) => {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of source) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
        await writeAll(spool, chunk);
      }
      const sha256 = hash.digest('hex');
      const key = this.key(organizationId, sha256);
      if (!(await this.blobs.renew(key))) {
        await this.blobs.put(key, sha256, spool.createReadStream({ start: 0, autoClose: false }), sizeBytes);
      }
      return { sha256, sizeBytes };
    });
  }

  async get(organizationId: string, sha256: string): Promise<Buffer | null> {
    return this.blobs.read(this.key(organizationId, sha256));
  }

  async open(organizationId: string, sha256: string): Promise<OpenedContent | null> {
    const found = await this.blobs.open(this.key(organizationId, sha256));
    return found === null ? null : { sizeBytes: found.sizeBytes, stream: found.body };
  }

  async renew(organizationId: string, sha256: string): Promise<boolean> {
    return this.blobs.renew(this.key(organizationId, sha256));
  }

  async delete(organizationId: string, sha256: string): Promise<void> {
    for (const version of await this.versionsOf(organizationId, sha256)) await this.blobs.remove(version);
  }

  /** Also deletes what renewals have left: versions below a newer one. */
  async *list(): AsyncGenerator<StoredContent> {
    await this.blobs.requireVersions();
    let seen = '';
    for await (const version of this.blobs.versions(this.prefix)) {
      const { key, isNewest, writtenBy } = version;
      const name = NAME.exec(key.slice(this.prefix.length))?.groups;
      if (name === undefined) continue;
      if (isNewest)
        yield { organizationId: name['organizationId'] ?? '', sha256: name['sha256'] ?? '', renewedAt: writtenBy };
      else if (key === seen) await this.blobs.remove(version);
      seen = isNewest ? key : seen;
    }
  }

  async collect(organizationId: string, sha256: string, notRenewedSince: Date): Promise<boolean> {
    const versions = await this.versionsOf(organizationId, sha256);
    const newest = versions.find(({ isNewest }) => isNewest);
    if (newest === undefined || newest.writtenBy >= notRenewedSince) return false;
    // The newest one last: killed in between, the rest is seen, and collected in the next round.
    for (const version of versions.toReversed()) await this.blobs.remove(version);
    return true;
  }

  onApplicationShutdown(): void {
    this.blobs.close();
  }

  private key(organizationId: string, sha256: string): string {
    requireNames(organizationId, sha256);
    return `${this.prefix}${organizationId}/${sha256}`;
  }

  /** The newest first. */
  private async versionsOf(organizationId: string, sha256: string): Promise<Version[]> {
    const key = this.key(organizationId, sha256);
    const versions: Version[] = [];
    for await (const version of this.blobs.versions(key)) if (version.key === key) versions.push(version);
    return versions;
  }
}

/** A file that has no name any more: however the work ends, nothing of it stays. */
async function withSpool<T>(work: (spool: FileHandle) => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `postern-${randomUUID()}`);
  const spool = await open(path, 'wx+', 0o600);
  try {
    await rm(path);
    return await work(spool);
  } finally {
    await spool.close();
  }
}
