import { SettingsError } from '@postern/platform';

/** Where in S3 content lies. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** Absent: what the AWS SDK finds by itself. */
  readonly region?: string;
  /** Of another server that speaks S3, or the sandbox; absent for Amazon. */
  readonly endpoint?: string;
}

/** S3 user guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^(?:[A-Za-z0-9._-]+\/)*$/;
const PARAMETERS = ['region', 'endpoint'];

/**
 * Reads `s3://bucket/prefix?region=eu-central-1&endpoint=https://s3.example.com`, of which all but the bucket may be left out.
 * @throws SettingsError for a URL that says something else.
 */
export function readS3Location(url: URL): S3Location {
  const bucket = url.hostname;
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  const prefix = path === '' ? '' : `${path}/`;
  const region = url.searchParams.get('region');
  const endpoint = url.searchParams.get('endpoint');
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  const problem =
    (!BUCKET.test(bucket) && 'it names no bucket') ||
    (!PREFIX.test(prefix) && 'its path has other characters than letters, digits, dots, hyphens and underscores') ||
    (unknown !== undefined && `it has an unknown parameter ${unknown}`) ||
    (endpoint !== null && !/^https?:\/\//.test(endpoint) && 'its endpoint is no http or https URL') ||
    ((url.username !== '' || url.port !== '') && 'credentials and ports have no place in it');
  if (problem) throw new SettingsError([`CONTENT_STORE_URL: ${problem}`]);
  return { bucket, prefix, ...(region !== null && { region }), ...(endpoint !== null && { endpoint }) };
}
