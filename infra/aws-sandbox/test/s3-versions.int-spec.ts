import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { refusalOf, startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';

let fixture: Fixture;
const Bucket = 'versioned';

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket }));
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: 'old', Body: 'from before' }));
  expect((await fixture.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  await fixture.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
});
afterAll(() => fixture.stop());

const put = async (Key: string, Body: string): Promise<string> =>
  (await fixture.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';

const read = async (Key: string, VersionId?: string): Promise<string> => {
  const { Body } = await fixture.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return (await Body?.transformToString()) ?? '';
};

const versionsOf = async (Prefix: string, MaxKeys?: number) =>
  fixture.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys }));

test('every write is a version, and the newest is what is seen', async () => {
  const [first, second] = [await put('a', 'one'), await put('a', 'two')];
  expect(first).not.toBe(second);
  expect([await read('a'), await read('a', first), await read('a', second)]).toEqual(['two', 'one', 'two']);
  expect((await versionsOf('a')).Versions).toMatchObject([
    { Key: 'a', VersionId: second, IsLatest: true, Size: 3 },
    { Key: 'a', VersionId: first, IsLatest: false },
  ]);
  const { Contents } = await fixture.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a' }));
  expect(Contents).toHaveLength(1);
});

test('a version is deleted by its id, and only that one; the one below is seen again', async () => {
  const [first, second] = [await put('b', 'one'), await put('b', 'two')];
  for (let n = 0; n < 2; n++) await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'b', VersionId: second }));
  expect(await read('b')).toBe('one');
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'b', VersionId: first }));
  expect(await refusalOf(read('b'))).toMatchObject({ name: 'NoSuchKey' });
  expect(await refusalOf(read('b', first))).toMatchObject({ name: 'NoSuchVersion', status: 404 });
});

test('a deletion without an id hides what is there below a marker', async () => {
  const version = await put('c', 'hidden');
  const { DeleteMarker, VersionId } = await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'c' }));
  expect(DeleteMarker).toBe(true);
  expect(await refusalOf(read('c'))).toMatchObject({ name: 'NoSuchKey' });
  expect(await read('c', version)).toBe('hidden');
  const listed = await versionsOf('c');
  expect(listed.DeleteMarkers).toMatchObject([{ Key: 'c', VersionId, IsLatest: true }]);
  expect(listed.Versions).toMatchObject([{ VersionId: version, IsLatest: false }]);
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'c', VersionId }));
  expect(await read('c')).toBe('hidden');
});

test('an object copied onto itself is a newer version of the same octets', async () => {
  const first = await put('d/ü', 'same');
  const CopySource = `${Bucket}/${encodeURIComponent('d/ü')}`;
  const alone = fixture.s3.send(new CopyObjectCommand({ Bucket, Key: 'd/ü', CopySource }));
  expect(await refusalOf(alone)).toMatchObject({ name: 'InvalidRequest' });
  const copy = await fixture.s3.send(
    new CopyObjectCommand({ Bucket, Key: 'd/ü', CopySource, MetadataDirective: 'REPLACE' }),
  );
  expect(copy).toMatchObject({ CopySourceVersionId: first, VersionId: expect.any(String) });
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'd/ü', VersionId: first }));
  expect(await read('d/ü')).toBe('same');
  const absent = new CopyObjectCommand({ Bucket, Key: 'e', CopySource: `${Bucket}/e`, MetadataDirective: 'REPLACE' });
  expect(await refusalOf(fixture.s3.send(absent))).toMatchObject({ name: 'NoSuchKey' });
});

test('versions are listed in pages', async () => {
  const written: string[] = [];
  for (const key of ['p/1', 'p/1', 'p/2', 'p/3', 'p/3']) written.push(await put(key, 'x'));
  const seen: string[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let more = true; more;) {
    const page = await fixture.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'p/', MaxKeys: 2, ...markers }));
    seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId ?? ''));
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    more = page.IsTruncated === true;
  }
  const [first, second, third, fourth, fifth] = written;
  expect(seen).toEqual([second, first, third, fifth, fourth]);
});

test('what was there before versions is one by the name of null; all survive a restart', async () => {
  expect((await versionsOf('old')).Versions).toMatchObject([{ VersionId: 'null', IsLatest: true }]);
  const newer = await put('old', 'newer');
  await fixture.stop(true);
  fixture = await startFixture({ stateDir: fixture.stateDir });
  expect((await fixture.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  expect([await read('old'), await read('old', 'null')]).toEqual(['newer', 'from before']);
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: 'old', VersionId: newer }));
  expect(await read('old')).toBe('from before');
});

test('objects can be made older', async () => {
  await put('aged', 'x');
  expect(await fixture.call('POST', '/s3/age', { bucket: Bucket, seconds: 3600 })).toMatchObject({ status: 204 });
  const [version] = (await versionsOf('aged')).Versions ?? [];
  expect(version?.LastModified?.getTime()).toBeLessThanOrEqual(Date.now() - 3_600_000);
  expect(await read('aged')).toBe('x');
  expect(await fixture.call('POST', '/s3/age', { bucket: 'none', seconds: 1 })).toMatchObject({ status: 404 });
});
