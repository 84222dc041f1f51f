import { type Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { awsCredentials, awsPatience, CONFIG } from '@postern/platform';
import type { IngestConfig } from '../ingest.settings.js';
import { TOPIC_ARN } from '../sns/sns-message.js';

/** SES developer guide, "Deliver to S3 bucket action": up to 40 MB, with the headers that SES adds. */
const OBJECT_MAX_BYTES = 41 * 1024 * 1024;
const ATTEMPTS_MAX = 2;
const PATIENCE = { connectMs: 5_000, answerMs: 30_000, idleMs: 30_000 };
/** SES writes it into every new bucket. */
const SETUP_OBJECT = 'AMAZON_SES_SETUP_NOTIFICATION';
/** Amazon S3 encryption client: with them the object is not what SES received, but its cipher text. */
const CLIENT_ENCRYPTION = ['x-amz-key', 'x-amz-key-v2', 'x-amz-c'];

/** Where in S3 a mail lies; the key is taken as it is, with its prefix. */
export interface MailObject {
  bucket: string;
  key: string;
}

/** The buckets into which SES puts mail for us. */
@Injectable()
export class MailBucket implements OnApplicationShutdown {
  private readonly buckets: ReadonlySet<string>;
  private readonly client: S3Client;

  constructor(@Inject(CONFIG) config: IngestConfig) {
    this.buckets = new Set(config.SES_INBOUND_BUCKETS);
    this.client = new S3Client({
      // SES receives, writes and tells in one region.
      region: TOPIC_ARN.exec(config.SNS_INBOUND_TOPIC_ARN)?.[2] ?? '',
      maxAttempts: ATTEMPTS_MAX,
      requestHandler: awsPatience(PATIENCE),
      ...(config.AWS_ENDPOINT_URL_S3 !== undefined && { endpoint: config.AWS_ENDPOINT_URL_S3, forcePathStyle: true }),
      ...awsCredentials(config),
    });
  }

  /** A notification may name any bucket that our credentials can read: only those of the operator are looked into. */
  allows(bucket: string): boolean {
    return this.buckets.has(bucket) || this.buckets.has('*');
  }

  /** @throws when it cannot be read now, is larger than anything from SES, or was encrypted by the client that wrote it. */
  async read({ bucket, key }: MailObject): Promise<Buffer> {
    const {
      Body,
      ContentLength = 0,
      Metadata = {},
    } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = Body as Readable;
    try {
      if (CLIENT_ENCRYPTION.some((name) => name in Metadata))
        throw new Error('The object is encrypted on the client side');
      if (ContentLength > OBJECT_MAX_BYTES) throw tooLarge();
      return await readBounded(body);
    } finally {
      body.destroy();
    }
  }

  onApplicationShutdown(): void {
    this.client.destroy();
  }
}

/** @returns true for what SES writes by itself, which is no mail. */
export const isSetupObject = (key: string): boolean => key.slice(key.lastIndexOf('/') + 1) === SETUP_OBJECT;

async function readBounded(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > OBJECT_MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (): Error => new Error(`The object has more than ${OBJECT_MAX_BYTES} octets`);
