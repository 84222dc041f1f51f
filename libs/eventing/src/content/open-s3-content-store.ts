import { S3Client } from '@aws-sdk/client-s3';
import type { awsCredentials } from '@postern/platform';
import { S3Blobs } from './s3-blobs.js';
import { S3ContentStore } from './s3-content-store.js';
import type { S3Location } from './s3-location.js';

const ATTEMPTS_MAX = 3;
const CONNECT_TIMEOUT_MS = 2_000;
/** Without an octet for this long. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Downloads hold theirs for as long as the reader takes; the SDK's default is 50. */
const SOCKETS_MAX = 200;

/** @throws when the bucket cannot be reached, is not ours, or has no versions. */
export async function openS3ContentStore(
  { bucket, prefix, region, endpoint }: S3Location,
  credentials: ReturnType<typeof awsCredentials>,
): Promise<S3ContentStore> {
  const client = new S3Client({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      httpsAgent: { maxSockets: SOCKETS_MAX },
      httpAgent: { maxSockets: SOCKETS_MAX },
    },
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...credentials,
  });
  const blobs = new S3Blobs(client, bucket);
  try {
    await blobs.requireVersions();
    return new S3ContentStore(blobs, prefix);
  } catch (error) {
    blobs.close();
    throw error;
  }
}
