import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { startSandbox, type Sandbox } from '@postern/aws-sandbox';
import type { ContentStore } from '../src/content/content-store.js';
import { FileContentStore } from '../src/content/file-content-store.js';
import { openContentStore } from '../src/content/open-content-store.js';

const SECOND_MS = 1_000;
const BUCKET = 'content';
const CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/** A content store in its surroundings. */
export interface StoreUnderTest {
  readonly store: ContentStore;
  /** As if the content had been put so much earlier. */
  age(organizationId: string, sha256: string, seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function fileStore(): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'postern-content-'));
  return {
    store: new FileContentStore(root),
    age: async (organizationId, sha256, seconds) => {
      const time = new Date(Date.now() - seconds * SECOND_MS);
      await utimes(join(root, organizationId, sha256.slice(0, 2), sha256), time, time);
    },
    stop: () => rm(root, { recursive: true }),
  };
}

type S3Settings = Record<'CONTENT_STORE_URL' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>;

/** A store in the sandbox's S3. */
export interface S3StoreUnderTest extends StoreUnderTest {
  readonly sandbox: Sandbox;
  readonly client: S3Client;
  readonly bucket: string;
  /** As a service has them. */
  settings(bucket?: string): S3Settings;
}

export async function s3Store(): Promise<S3StoreUnderTest> {
  const stateDir = await mkdtemp(join(tmpdir(), 'postern-content-s3-'));
  const sandbox = await startSandbox({ stateDir, signingKeyBits: 2048 });
  const region = 'us-east-1';
  const client = new S3Client({ region, endpoint: sandbox.url, forcePathStyle: true, credentials: CREDENTIALS });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
  const settings = (bucket = BUCKET): S3Settings => ({
    CONTENT_STORE_URL: `s3://${bucket}/some/prefix?region=${region}&endpoint=${sandbox.url}`,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
  const store = await openContentStore(settings());
  return {
    store,
    sandbox,
    client,
    bucket: BUCKET,
    settings,
    age: async (_organizationId, _sha256, seconds) => {
      const body = JSON.stringify({ bucket: BUCKET, seconds });
      const reply = await fetch(`${sandbox.url}/_sandbox/s3/age`, { method: 'POST', body });
      if (!reply.ok) throw new Error(`the sandbox answered ${reply.status}`);
    },
    stop: async () => {
      client.destroy();
      await sandbox.stop();
      await rm(stateDir, { recursive: true });
    },
  };
}
