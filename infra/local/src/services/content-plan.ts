import { pick, type Environment } from '../config/environment.js';

/** What a service that keeps content in S3 signs its calls with; where the bucket is, its URL says. */
const SIGNED_WITH = /^AWS_(?:REGION|PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;

/**
 * Where all services keep content: in the data directory, or where the environment says.
 * @param directoryUrl  of the directory.
 * @param aws  settings that say where Amazon (or its sandbox) is.
 */
export function planContent(
  environment: Environment,
  directoryUrl: string,
  aws: Readonly<Record<string, string>>,
): Record<string, string> {
  const url = environment['CONTENT_STORE_URL'] ?? directoryUrl;
  return { CONTENT_STORE_URL: url, ...(url.startsWith('s3:') && pick(aws, (name) => SIGNED_WITH.test(name))) };
}
