import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../http/aws-error.js';
import { createDigests } from './checksums.js';

/** What is known of an object besides its content. */
export interface StoredObject {
  readonly key: string;
  /** File name of the content, beside this record. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly contentType: string;
  /** `x-amz-meta-…` and verified `x-amz-checksum-…` headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly modifiedAt: string;
}

/** An upload; `stated` is read after the last chunk, because trailers come late. */
export interface Upload {
  readonly content: AsyncIterable<Buffer>;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly stated: ReadonlyMap<string, string>;
  /** Length the client announced; undefined = not announced. */
  readonly sizeBytes: number | undefined;
}

/** Buckets and objects on disk; an overwrite is seen whole or not at all. */
export interface ObjectStore {
  buckets(): string[];
  hasBucket(bucket: string): boolean;
  createBucket(bucket: string): Promise<void>;
  /** @throws AwsError `BucketNotEmpty`. */
  deleteBucket(bucket: string): Promise<void>;
  /** @throws AwsError `NoSuchBucket`, as all below do. */
  put(bucket: string, key: string, upload: Upload): Promise<StoredObject>;
  putBuffer(bucket: string, key: string, content: Buffer): Promise<StoredObject>;
  find(bucket: string, key: string): StoredObject | undefined;
  read(bucket: string, object: StoredObject): ReadStream;
  remove(bucket: string, key: string): Promise<void>;
  /** All objects, by key in UTF-8 order. */
  list(bucket: string): StoredObject[];
}

const RECORD_SUFFIX = '.json';

/** Keys may hold slashes, dots and anything else: on disk they are their hash. */
const recordName = (key: string): string => createHash('sha256').update(key).digest('hex') + RECORD_SUFFIX;

const loadBucket = async (directory: string): Promise<Map<string, StoredObject>> => {
  const objects = new Map<string, StoredObject>();
  for (const name of await readdir(directory)) {
    if (!name.endsWith(RECORD_SUFFIX)) continue;
    const object = JSON.parse(await readFile(join(directory, name), 'utf8')) as StoredObject;
    objects.set(object.key, object);
  }
  return objects;
};

/** @param directory  one folder per bucket is in it. */
export const openObjectStore = async (directory: string): Promise<ObjectStore> => {
  await mkdir(directory, { recursive: true });
  const byBucket = new Map<string, Map<string, StoredObject>>();
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) byBucket.set(entry.name, await loadBucket(join(directory, entry.name)));
  }

  const need = (bucket: string): Map<string, StoredObject> => {
    const objects = byBucket.get(bucket);
    if (!objects) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return objects;
  };

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

  const put = async (bucket: string, key: string, upload: Upload): Promise<StoredObject> => {
    const objects = need(bucket);
    const file = randomUUID();
    const path = join(directory, bucket, file);
    try {
      const { sizeBytes, etag, checksums } = await writeContent(path, upload);
      const object: StoredObject = {
        key,
        file,
        sizeBytes,
        etag,
        contentType: upload.contentType,
        headers: { ...upload.headers, ...checksums },
        modifiedAt: new Date().toISOString(),
      };
      const record = await open(`${path}.new`, 'wx');
      await record.writeFile(JSON.stringify(object)).finally(() => record.close());
      await rename(`${path}.new`, join(directory, bucket, recordName(key)));
      const replaced = objects.get(key);
      objects.set(key, object);
      // A reader that has the old file open keeps it.
      if (replaced) await rm(join(directory, bucket, replaced.file), { force: true });
      return object;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };

  return {
    buckets: () => [...byBucket.keys()].toSorted(),
    hasBucket: (bucket) => byBucket.has(bucket),
    async createBucket(bucket) {
      await mkdir(join(directory, bucket), { recursive: true });
      if (!byBucket.has(bucket)) byBucket.set(bucket, new Map());
    },
    async deleteBucket(bucket) {
      if (need(bucket).size > 0)
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      byBucket.delete(bucket);
      await rm(join(directory, bucket), { recursive: true, force: true });
    },
    put,
    putBuffer: (bucket, key, content) =>
      put(bucket, key, {
        content: (async function* () {
          yield content;
        })(),
        contentType: 'application/octet-stream',
        headers: {},
        stated: new Map(),
        sizeBytes: content.length,
      }),
    find: (bucket, key) => need(bucket).get(key),
    read: (bucket, object) => createReadStream(join(directory, bucket, object.file)),
    async remove(bucket, key) {
      const objects = need(bucket);
      const object = objects.get(key);
      if (!object) return;
      objects.delete(key);
      await rm(join(directory, bucket, recordName(key)), { force: true });
      await rm(join(directory, bucket, object.file), { force: true });
    },
    list: (bucket) =>
      [...need(bucket).values()].toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
  };
};
