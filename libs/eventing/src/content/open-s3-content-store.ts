import { S3Client } from '@aws-sdk/client-s3';
import { awsPatience, type awsCredentials, type AwsPatience } from '@postern/platform';
import { S3Blobs } from './s3-blobs.js';
import { S3ContentStore } from './s3-content-store.js';
import type { S3Location } from './s3-location.js';

const ATTEMPTS_MAX = 3;
/** A download that waits for its reader longer than `idleMs` is cut off. */
const PATIENCE: AwsPatience = { connectMs: 2_000, answerMs: 15_000, idleMs: 60_000 };
/** Downloads hold theirs for as long as the reader takes; the SDK's default is 50. */
const SOCKETS_MAX = 200;

/** @throws when the bucket cannot be reached, is not ours, or has no versions. */
export async function openS3ContentStore(
  location: S3Location,
  credentials: ReturnType<typeof awsCredentials>,
): Promise<S3ContentStore> {
  const blobs = new S3Blobs(s3Client(location, credentials, PATIENCE), location.bucket);
  try {
    await blobs.requireVersions();
    return new S3ContentStore(blobs, location.prefix);
  } catch (error) {
    blobs.close();
    throw error;
  }
}

/** A client for content: it tries again, and gives up in time. */
export const s3Client = (
  { region, endpoint }: Pick<S3Location, 'region' | 'endpoint'>,
  credentials: ReturnType<typeof awsCredentials>,
  patience: AwsPatience,
): S3Client =>
  new S3Client({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      ...awsPatience(patience),
      httpsAgent: { maxSockets: SOCKETS_MAX },
      httpAgent: { maxSockets: SOCKETS_MAX },
    },
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...credentials,
  });
