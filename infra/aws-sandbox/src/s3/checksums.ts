import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../http/aws-error.js';

/** Digests of one upload, each in base64 as S3's headers carry it. */
export interface Digests {
  update(chunk: Buffer): void;
  /** MD5 in hex: the ETag. */
  etag(): string;
  /**
   * Compares with what the client stated.
   * @param stated  value of a header or trailer by name: `content-md5`, `x-amz-checksum-…`.
   * @returns the checksum headers that were stated and are right.
   * @throws AwsError `BadDigest`, or `NotImplemented` (501) for an algorithm that is not known here.
   */
  verify(stated: ReadonlyMap<string, string>): Record<string, string>;
}

const PREFIX = 'x-amz-checksum-';
/** Headers of that prefix that are no digests. */
const NO_DIGESTS = new Set([`${PREFIX}mode`, `${PREFIX}type`, `${PREFIX}algorithm`]);

export const createDigests = (): Digests => {
  const md5 = createHash('md5');
  const sha1 = createHash('sha1');
  const sha256 = createHash('sha256');
  let crc = 0;
  return {
    update(chunk) {
      md5.update(chunk);
      sha1.update(chunk);
      sha256.update(chunk);
      crc = crc32(chunk, crc);
    },
    etag: () => md5.copy().digest('hex'),
    verify(stated) {
      const crcBytes = Buffer.alloc(4);
      crcBytes.writeUInt32BE(crc);
      const actual = new Map([
        ['content-md5', md5.copy().digest('base64')],
        [`${PREFIX}crc32`, crcBytes.toString('base64')],
        [`${PREFIX}sha1`, sha1.copy().digest('base64')],
        [`${PREFIX}sha256`, sha256.copy().digest('base64')],
      ]);
      const verified: Record<string, string> = {};
      for (const [name, value] of stated) {
        if (name !== 'content-md5' && (!name.startsWith(PREFIX) || NO_DIGESTS.has(name))) continue;
        const expected = actual.get(name);
        if (expected === undefined) throw new AwsError('NotImplemented', `The sandbox does not know ${name}.`, 501);
        if (expected !== value)
          throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
        if (name.startsWith(PREFIX)) verified[name] = value;
      }
      return verified;
    },
  };
};
