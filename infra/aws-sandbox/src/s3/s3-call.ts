import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../http/aws-error.js';
import { NO_VERSION, type StoredObject } from './stored-object.js';

/** One S3 call: `key` is empty for calls on a bucket, both are for calls on the account. */
export interface S3Call {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

export const noSuchKey = (): AwsError => new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
export const noSuchVersion = (): AwsError =>
  new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
export const methodNotAllowed = (): AwsError =>
  new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);

/** A bucket without versions tells of none. */
export const versionHeader = (
  { versionId }: StoredObject,
  name = 'x-amz-version-id',
): Readonly<Record<string, string>> => (versionId === NO_VERSION ? {} : { [name]: versionId });

/** S3's listings have times to the second. */
export const shownTime = ({ modifiedAt }: StoredObject): string => `${modifiedAt.slice(0, 19)}.000Z`;
