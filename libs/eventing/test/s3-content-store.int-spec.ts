import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startInfra, startService } from '@postern/testing';
import { s3Client } from '../src/content/open-s3-content-store.js';
import { S3Blobs } from '../src/content/s3-blobs.js';
import { S3ContentStore } from '../src/content/s3-content-store.js';
import { openContentStore } from '../src/content/open-content-store.js';
import { CONTENT_STORE, keep, type ContentStore } from '../src/index.js';
import { s3Store, type S3StoreUnderTest } from './content-stores.js';
import { migrations, probeService } from './probe.service.js';

const CREDENTIALS = { credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' } };
const PATIENT = { connectMs: 10_000, answerMs: 10_000, idleMs: 10_000 };
const SHORT = { connectMs: 1_000, answerMs: 300, idleMs: 300 };
const ORGANIZATION = 'org_01k9x5e8w2f7h8j9k0m1n2p3q4';
let s3: S3StoreUnderTest;

beforeAll(async () => {
  s3 = await s3Store();
});
afterAll(() => s3.stop());

const versionsOf = async (hash: string): Promise<number> => {
  const { Versions = [] } = await s3.client.send(
    new ListObjectVersionsCommand({ Bucket: s3.bucket, Prefix: `some/prefix/${ORGANIZATION}/${hash}` }),
  );
  return Versions.length;
};

const listed = async (): Promise<string[]> => {
  const seen: string[] = [];
  for await (const one of s3.store.list()) seen.push(one.sha256);
  return seen;
};

const setVersioning = (Status: 'Enabled' | 'Suspended') =>
  s3.client.send(new PutBucketVersioningCommand({ Bucket: s3.bucket, VersioningConfiguration: { Status } }));

test('a service takes it by its settings', async () => {
  const infra = await startInfra();
  const sut = await startService({
    infra,
    service: probeService,
    schema: 'probe',
    migrations,
    env: s3.settings(),
  });
  const { sha256: hash } = await keep(sut.app.get<ContentStore>(CONTENT_STORE), ORGANIZATION, Buffer.from('settings'));
  await sut.stop();
  await infra.stop();
  expect((await s3.store.get(ORGANIZATION, hash))?.toString()).toBe('settings');
  await s3.store.delete(ORGANIZATION, hash);
});

test('what renewals leave behind goes with the next list, and the content stays', async () => {
  const bytes = Buffer.alloc(200_000, 'x');
  const { sha256: hash } = await keep(s3.store, ORGANIZATION, bytes);
  await s3.store.put(ORGANIZATION, hash, bytes);
  await s3.store.renew(ORGANIZATION, hash);
  expect(await versionsOf(hash)).toBe(3);
  expect(await listed()).toEqual([hash]);
  expect(await versionsOf(hash)).toBe(1);
  expect(await s3.store.get(ORGANIZATION, hash)).toEqual(bytes);
});

test('a list goes on over pages, also between the versions of one content', async () => {
  const paged = s3Client({ region: 'us-east-1', endpoint: s3.sandbox.url }, CREDENTIALS, PATIENT);
  paged.middlewareStack.add((next) => (args) => next({ ...args, input: { ...args.input, MaxKeys: 2 } }), {
    step: 'initialize',
  });
  const store = new S3ContentStore(new S3Blobs(paged, s3.bucket), 'paged/');
  const hashes = [];
  for (const text of ['one', 'two', 'three']) {
    for (let n = 0; n < 3; n += 1) hashes.push((await keep(store, ORGANIZATION, Buffer.from(text))).sha256);
  }
  const seen = [];
  for await (const { sha256 } of store.list()) seen.push(sha256);
  expect(seen).toEqual([...new Set(hashes)].toSorted());
  expect(await store.collect(ORGANIZATION, String(seen[0]), new Date(Date.now() + 60_000))).toBe(true);
  const { Versions } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: s3.bucket, Prefix: 'paged/' }));
  expect(Versions).toHaveLength(2);
  store.onApplicationShutdown();
});

test('what else is in the bucket is not content', async () => {
  const before = await listed();
  for (const Key of [`other/${ORGANIZATION}/${'a'.repeat(64)}`, 'some/prefix/notes.txt', 'some/prefix/org_1/short'])
    for (let n = 0; n < 2; n += 1) await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: 'x' }));
  expect(await listed()).toEqual(before);
  const { Versions } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: s3.bucket, Prefix: 'other/' }));
  expect(Versions).toHaveLength(2);
});

test('a bucket without versions is refused, at the start and before anything is deleted', async () => {
  await setVersioning('Suspended');
  await expect(openContentStore(s3.settings())).rejects.toThrow('enable versioning of the bucket content');
  await expect(listed()).rejects.toThrow('enable versioning');
  await setVersioning('Enabled');
  const absent = openContentStore(s3.settings('absent'));
  await expect(absent).rejects.toMatchObject({ code: 'unavailable', cause: { name: 'NoSuchBucket' } });
});

test('S3 away is temporary', async () => {
  const other = await s3Store();
  const { sha256: hash } = await keep(other.store, ORGANIZATION, Buffer.from('x'));
  await other.sandbox.stop();
  const calls = [
    () => keep(other.store, ORGANIZATION, Buffer.from('y')),
    () => other.store.get(ORGANIZATION, hash),
    () => other.store.renew(ORGANIZATION, hash),
    () => other.store.collect(ORGANIZATION, hash, new Date()),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'unavailable', temporary: true });
  await other.stop();
});

test.each([
  ['nothing', ''],
  ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\nx-amz-version-id: 1\r\n\r\nhalf'],
])(
  'S3 that says %s is not waited for',
  async (_, answer) => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('data', () => socket.write(answer));
    });
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const location = { region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` };
    const client = s3Client(location, CREDENTIALS, SHORT);
    const blobs = new S3Blobs(client, 'bucket');
    await expect(blobs.read('key')).rejects.toMatchObject({ code: 'unavailable', cause: { name: 'TimeoutError' } });
    blobs.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  },
  30_000,
);
