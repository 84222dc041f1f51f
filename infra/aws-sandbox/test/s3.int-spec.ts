import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { refusalOf, startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';

let fixture: Fixture;
const Bucket = 'content';
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => fixture.stop());

const read = async (Key: string): Promise<Buffer> => {
  const { Body } = await fixture.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

test('an object comes back as it went in, with its metadata', async () => {
  const Key = 'org_1/a b+c/ü/..name';
  const content = Buffer.from([0, 1, 2, 255, 13, 10]);
  const put = await fixture.s3.send(
    new PutObjectCommand({ Bucket, Key, Body: content, ContentType: 'message/rfc822', Metadata: { origin: 'test' } }),
  );
  expect(await read(Key)).toEqual(content);
  expect(await fixture.s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
    ContentLength: content.length,
    ContentType: 'message/rfc822',
    ETag: put.ETag,
    Metadata: { origin: 'test' },
    LastModified: expect.any(Date),
  });
});

test('a stream is sent in aws-chunked form and stored without it', async () => {
  const content = Buffer.alloc(3 * 1024 * 1024, 'postern');
  const chunks = Array.from({ length: 48 }, (_, n) => content.subarray(n * 65_536, (n + 1) * 65_536));
  await fixture.s3.send(
    new PutObjectCommand({ Bucket, Key: 'streamed', Body: Readable.from(chunks), ContentLength: content.length }),
  );
  expect((await read('streamed')).equals(content)).toBe(true);
});

test('a damaged upload is refused and leaves the old object', async () => {
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'old' }));
  const damaged = fixture.s3.send(
    new PutObjectCommand({ Bucket, Key: 'kept', Body: 'new', ChecksumSHA256: Buffer.alloc(32).toString('base64') }),
  );
  expect(await refusalOf(damaged)).toMatchObject({ name: 'BadDigest' });
  expect((await read('kept')).toString()).toBe('old');
});

test('an upload can ask that nothing is there yet', async () => {
  const put = () => fixture.s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', IfNoneMatch: '*' }));
  await put();
  expect(await refusalOf(put())).toMatchObject({ name: 'PreconditionFailed' });
});

test('listing pages through a prefix in order', async () => {
  const keys = ['list/a', 'list/b/1', 'list/b/2', 'list/c'];
  for (const Key of keys) await fixture.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  const first = await fixture.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 3 }));
  expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3 });
  const second = await fixture.s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'list/', ContinuationToken: first.NextContinuationToken }),
  );
  expect([...(first.Contents ?? []), ...(second.Contents ?? [])].map(({ Key }) => Key)).toEqual(keys);
  const folders = await fixture.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/' }));
  expect(folders.CommonPrefixes).toEqual([{ Prefix: 'list/b/' }]);
  expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/c']);
});

test('absent objects and buckets have their errors; deleting twice is fine', async () => {
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
  for (let n = 0; n < 2; n++) await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
  await expect(fixture.s3.send(new GetObjectCommand({ Bucket, Key: 'gone' }))).rejects.toBeInstanceOf(NoSuchKey);
  expect(await refusalOf(fixture.s3.send(new HeadObjectCommand({ Bucket, Key: 'gone' })))).toMatchObject({
    name: 'NotFound',
  });
  const elsewhere = fixture.s3.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'gone' }));
  await expect(elsewhere).rejects.toBeInstanceOf(NoSuchBucket);
  const unsigned = await fetch(`${fixture.sandbox.url}/${Bucket}/kept`);
  expect(unsigned.status).toBe(403);
});

test('objects survive a restart', async () => {
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: 'lasting', Body: 'still here' }));
  await fixture.stop(true);
  fixture = await startFixture({ stateDir: fixture.stateDir });
  expect((await read('lasting')).toString()).toBe('still here');
});
