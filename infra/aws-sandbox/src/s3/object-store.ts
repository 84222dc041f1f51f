import { randomUUID } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../http/aws-error.js';
import { Bucket } from './bucket.js';
import { createDigests } from './checksums.js';
import type { StoredObject, Upload, Versioning } from './stored-object.js';

/** Buckets and objects on disk; an overwrite is seen whole or not at all. */
export interface ObjectStore {
  buckets(): string[];
  hasBucket(bucket: string): boolean;
  createBucket(bucket: string): Promise<void>;
  /** @throws AwsError `BucketNotEmpty`. */
  deleteBucket(bucket: string): Promise<void>;
  /** @throws AwsError `NoSuchBucket`, as all below do. */
  versioningOf(bucket: string): Versioning | undefined;
  setVersioning(bucket: string, status: Versioning): Promise<void>;
  put(bucket: string, key: string, upload: Upload): Promise<StoredObject>;
  putBuffer(bucket: string, key: string, content: Buffer): Promise<StoredObject>;
  /** @returns the version with this id, or else what is seen under the key: nothing below a delete marker. */
  find(bucket: string, key: string, versionId?: string): StoredObject | undefined;
  /** @returns undefined when it was deleted in this moment. */
  read(bucket: string, object: StoredObject): Promise<ReadStream | undefined>;
  /**
   * Deletes the version with this id for good. Without an id: the object, or, in a bucket with versions, hides it below a
   * delete marker.
   * @returns the version that was deleted or the marker that was made, if any.
   */
  remove(bucket: string, key: string, versionId?: string): Promise<StoredObject | undefined>;
  /** Every version, by key in UTF-8 order, the newest of a key first. */
  versions(bucket: string): StoredObject[];
  /** As if all that is in the bucket had been written so much earlier. */
  age(bucket: string, ms: number): Promise<void>;
}

/** @param directory  one folder per bucket is in it. */
export const openObjectStore = async (directory: string): Promise<ObjectStore> => {
  await mkdir(directory, { recursive: true });
  const byName = new Map<string, Bucket>();
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) byName.set(entry.name, await Bucket.load(join(directory, entry.name)));
  }

  const need = (name: string): Bucket => {
    const bucket = byName.get(name);
    if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return bucket;
  };

  const put = async (name: string, key: string, upload: Upload): Promise<StoredObject> => {
    const bucket = need(name);
    const file = randomUUID();
    const path = join(directory, name, file);
    try {
      const { sizeBytes, etag, checksums } = await writeContent(path, upload);
      const { contentType } = upload;
      const headers = { ...upload.headers, ...checksums };
      const modifiedAt = new Date().toISOString();
      const about = { key, file, sizeBytes, etag, contentType, headers, modifiedAt };
      const object: StoredObject = { ...about, ...bucket.nextVersion(), isDeleteMarker: false };
      await bucket.put(object);
      return object;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };

  return {
    buckets: () => [...byName.keys()].toSorted(),
    hasBucket: (name) => byName.has(name),
    async createBucket(name) {
      await mkdir(join(directory, name), { recursive: true });
      if (!byName.has(name)) byName.set(name, await Bucket.load(join(directory, name)));
    },
    async deleteBucket(name) {
      if (!need(name).isEmpty) throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      byName.delete(name);
      await rm(join(directory, name), { recursive: true, force: true });
    },
    versioningOf: (name) => need(name).versioning,
    setVersioning: (name, status) => need(name).setVersioning(status),
    put,
    putBuffer: (name, key, content) =>
      put(name, key, {
        content: (async function* () {
          yield content;
        })(),
        contentType: 'application/octet-stream',
        headers: {},
        stated: new Map(),
        sizeBytes: content.length,
      }),
    find(name, key, versionId) {
      const versions = need(name).versionsOf(key);
      if (versionId !== undefined) return versions.find((version) => version.versionId === versionId);
      return versions[0]?.isDeleteMarker ? undefined : versions[0];
    },
    async read(name, object) {
      try {
        return (await open(join(directory, name, object.file))).createReadStream();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async remove(name, key, versionId) {
      const bucket = need(name);
      if (versionId === undefined && bucket.versioning !== undefined) {
        const marker = deleteMarker(key, bucket);
        await bucket.put(marker);
        return marker;
      }
      const versions = bucket.versionsOf(key);
      const object = versionId === undefined ? versions[0] : versions.find((one) => one.versionId === versionId);
      if (object) await bucket.drop(object);
      return object;
    },
    versions: (name) => need(name).versions(),
    async age(name, ms) {
      const bucket = need(name);
      for (const object of bucket.versions()) {
        const modifiedAt = new Date(Date.parse(object.modifiedAt) - ms).toISOString();
        await bucket.put({ ...object, modifiedAt });
      }
    },
  };
};

const deleteMarker = (key: string, bucket: Bucket): StoredObject => ({
  key,
  ...bucket.nextVersion(),
  isDeleteMarker: true,
  file: '',
  sizeBytes: 0,
  etag: '',
  contentType: '',
  headers: {},
  modifiedAt: new Date().toISOString(),
});

const writeContent = async (path: string, upload: Upload) => {
  const digests = createDigests();
  let sizeBytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const chunk of upload.content) {
      digests.update(chunk);
      sizeBytes += chunk.length;
      await file.writeFile(chunk);
    }
    if (upload.sizeBytes !== undefined && upload.sizeBytes !== sizeBytes) {
      throw new AwsError('IncompleteBody', 'The body is not as long as was announced.');
    }
    return { sizeBytes, etag: digests.etag(), checksums: digests.verify(upload.stated) };
  } finally {
    await file.close();
  }
};
