import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../http/aws-error.js';
import { reply } from '../http/reply.js';
import { element } from '../http/xml.js';
import { decodeAwsChunked } from './aws-chunked.js';
import type { ObjectStore, StoredObject } from './object-store.js';
import { listBuckets, listObjects } from './s3-listing.js';

/** One S3 call: `key` is empty for calls on a bucket, both are for calls on the account. */
interface S3Call {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

// S3 user guide, "Bucket naming rules"; this also keeps names harmless as folder names.
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const MAX_KEY_BYTES = 1_024;

/** Calls that would be answered wrongly if these were overlooked. */
const UNKNOWN_HEADERS = ['x-amz-copy-source', 'range', 'if-match', 'if-modified-since', 'if-unmodified-since'];
const UNKNOWN_QUERIES = [
  'uploads',
  'uploadId',
  'delete',
  'versions',
  'versionId',
  'tagging',
  'acl',
  'policy',
  'lifecycle',
];

const noSuchKey = (): AwsError => new AwsError('NoSuchKey', 'The specified key does not exist.', 404);

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const requireKnown = ({ request, query }: S3Call): void => {
  const header = UNKNOWN_HEADERS.find((name) => request.headers[name] !== undefined);
  const parameter = UNKNOWN_QUERIES.find((name) => query.has(name));
  const unknown = header ?? parameter;
  if (unknown !== undefined) throw new AwsError('NotImplemented', `The sandbox does not know ${unknown}.`, 501);
};

const requireSigned = ({ request, query }: S3Call): void => {
  const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') || query.has('X-Amz-Signature');
  if (!signed) throw new AwsError('AccessDenied', 'Access Denied', 403);
};

const putObject = async (store: ObjectStore, { bucket, key, request, response }: S3Call): Promise<void> => {
  if (headerOf(request, 'if-none-match') === '*' && store.find(bucket, key)) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  const stated = new Map<string, string>();
  const headers: Record<string, string> = {};
  for (const name of Object.keys(request.headers)) {
    const value = headerOf(request, name) ?? '';
    if (name === 'content-md5' || name.startsWith('x-amz-checksum-')) stated.set(name, value);
    if (name.startsWith('x-amz-meta-')) headers[name] = value;
  }
  const chunked = headerOf(request, 'x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
  const length = headerOf(request, chunked ? 'x-amz-decoded-content-length' : 'content-length');
  const body = request as AsyncIterable<Buffer>;
  const object = await store.put(bucket, key, {
    content: chunked ? decodeAwsChunked(body, stated) : body,
    contentType: headerOf(request, 'content-type') ?? 'binary/octet-stream',
    headers,
    stated,
    sizeBytes: length === undefined ? undefined : Number(length),
  });
  response.writeHead(200, { etag: `"${object.etag}"`, ...checksumsOf(object) }).end();
};

const checksumsOf = (object: StoredObject): Record<string, string> =>
  Object.fromEntries(Object.entries(object.headers).filter(([name]) => name.startsWith('x-amz-checksum-')));

const getObject = async (store: ObjectStore, { bucket, key, request, response }: S3Call): Promise<void> => {
  const object = store.find(bucket, key);
  if (!object) throw noSuchKey();
  const metadata = Object.entries(object.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const etag = `"${object.etag}"`;
  if (headerOf(request, 'if-none-match') === etag) return void response.writeHead(304, { etag }).end();
  response.writeHead(200, {
    'content-type': object.contentType,
    'content-length': object.sizeBytes,
    etag,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    ...Object.fromEntries(metadata),
    ...(headerOf(request, 'x-amz-checksum-mode') === 'ENABLED' ? checksumsOf(object) : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(store.read(bucket, object), response);
};

const onObject = async (store: ObjectStore, call: S3Call): Promise<void> => {
  if (Buffer.byteLength(call.key) > MAX_KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
  switch (call.request.method) {
    case 'PUT':
      return putObject(store, call);
    case 'GET':
    case 'HEAD':
      return getObject(store, call);
    case 'DELETE':
      await store.remove(call.bucket, call.key);
      return void call.response.writeHead(204).end();
    default:
      throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  }
};

const onBucket = async (store: ObjectStore, { bucket, query, request, response }: S3Call): Promise<void> => {
  switch (request.method) {
    case 'PUT':
      if (!BUCKET.test(bucket)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
      await store.createBucket(bucket);
      return void response.writeHead(200, { location: `/${bucket}` }).end();
    case 'HEAD':
      return void response.writeHead(store.hasBucket(bucket) ? 200 : 404).end();
    case 'GET':
      return reply(response, 200, 'application/xml', listObjects(bucket, store.list(bucket), query));
    case 'DELETE':
      await store.deleteBucket(bucket);
      return void response.writeHead(204).end();
    default:
      throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  }
};

const replyS3Error = (response: ServerResponse, error: AwsError): void => {
  const requestId = randomUUID();
  const xml = element('Error', { Code: error.code, Message: error.message, RequestId: requestId });
  // What is left of a refused upload is not read: the connection ends with the answer.
  reply(response, error.status, 'application/xml', `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`, {
    'x-amz-request-id': requestId,
    ...(response.req.complete ? {} : { connection: 'close' }),
  });
};

/** Answers path-style S3 calls: every path that is no other part's. */
export const createS3Route =
  (store: ObjectStore) =>
  async (url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const [bucketPart = '', ...keyParts] = url.pathname.slice(1).split('/');
      const bucket = decodeURIComponent(bucketPart);
      const key = decodeURIComponent(keyParts.join('/'));
      const call: S3Call = { bucket, key, query: url.searchParams, request, response };
      requireSigned(call);
      requireKnown(call);
      if (bucket === '') reply(response, 200, 'application/xml', listBuckets(store.buckets()));
      else await (key === '' ? onBucket(store, call) : onObject(store, call));
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const message = error instanceof Error ? error.message : 'Unknown error';
      if (error instanceof URIError)
        replyS3Error(response, new AwsError('InvalidURI', "Couldn't parse the specified URI."));
      else replyS3Error(response, error instanceof AwsError ? error : new AwsError('InternalError', message, 500));
    }
  };

export type S3Route = ReturnType<typeof createS3Route>;
