import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput as VersionPage,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { unavailable } from '@postern/platform';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** One version of an object. */
export interface Version {
  key: string;
  versionId: string;
  /** It is what is seen under its key. */
  isNewest: boolean;
  /** At or after the moment when it was written. */
  writtenBy: Date;
}

type PageEnd = Partial<Pick<VersionPage, 'NextKeyMarker' | 'NextVersionIdMarker'>>;

/** S3 tells times to the second, and cuts off the rest. */
const TIME_UNIT_MS = 1_000;

/** The calls that content needs, on one bucket. Each throws AppError `unavailable` when S3 is away. */
export class S3Blobs {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {}

  /**
   * Deleting is safe only where every write is a version of its own.
   * @throws Error when the bucket has no versions.
   */
  async requireVersions(): Promise<void> {
    const { Status } = await orAway(this.client.send(new GetBucketVersioningCommand({ Bucket: this.bucket })));
    if (Status !== 'Enabled') throw new Error(`CONTENT_STORE_URL: enable versioning of the bucket ${this.bucket}`);
  }

  /** Durable when it returns. S3 compares the octets with the hash. */
  async put(key: string, sha256: string, body: Uint8Array | Readable, sizeBytes: number): Promise<void> {
    await orAway(
      this.client.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: body,
          ContentLength: sizeBytes,
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        }),
      ),
    );
  }

  /** @returns null when there is none. What breaks off is thrown by the stream. */
  async open(key: string): Promise<{ body: Readable; sizeBytes: number } | null> {
    const found = await orNull(this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key })));
    return found === null ? null : { body: found.Body as Readable, sizeBytes: found.ContentLength ?? 0 };
  }

  /** @returns null when there is none. */
  async read(key: string): Promise<Buffer | null> {
    const found = await this.open(key);
    return found === null ? null : orAway(buffer(found.body));
  }

  /** Writes what is there as a newer version of the same octets, without moving them. @returns false when there is none. */
  async renew(key: string): Promise<boolean> {
    const copied = await orNull(
      this.client.send(
        new CopyObjectCommand({
          Bucket: this.bucket,
          Key: key,
          CopySource: `${this.bucket}/${key}`,
          // S3 refuses to copy an object onto itself with nothing replaced.
          MetadataDirective: 'REPLACE',
        }),
      ),
    );
    return copied !== null;
  }

  /** For good, and only this version; one that is not there (any more) is no error. */
  async remove({ key, versionId }: Version): Promise<void> {
    await orAway(this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key, VersionId: versionId })));
  }

  /**
   * All versions under a prefix, by key, the newest of a key first. Below a delete marker none is the newest. What is yielded
   * may be removed at once: the page behind it is there already, so no listing goes on from something that is gone.
   */
  async *versions(prefix: string): AsyncGenerator<Version> {
    for (let page: VersionPage | null = await this.page(prefix, {}); page !== null;) {
      const next: VersionPage | null = page.IsTruncated === true ? await this.page(prefix, page) : null;
      for (const { Key = '', VersionId = '', IsLatest = false, LastModified } of page.Versions ?? []) {
        const writtenBy = new Date((LastModified?.getTime() ?? Date.now()) + TIME_UNIT_MS);
        yield { key: Key, versionId: VersionId, isNewest: IsLatest, writtenBy };
      }
      page = next;
    }
  }

  close(): void {
    this.client.destroy();
  }

  private page(prefix: string, { NextKeyMarker, NextVersionIdMarker }: PageEnd): Promise<VersionPage> {
    const markers = { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker };
    return orAway(this.client.send(new ListObjectVersionsCommand({ Bucket: this.bucket, Prefix: prefix, ...markers })));
  }
}

async function orAway<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw unavailable(undefined, { cause: error });
  }
}

async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return null;
    throw unavailable(undefined, { cause: error });
  }
}
