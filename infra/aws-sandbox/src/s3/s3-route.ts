import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../http/aws-error.js';
import { reply } from '../http/reply.js';
import { element } from '../http/xml.js';
import { onBucket } from './bucket-calls.js';
import { onObject } from './object-calls.js';
import type { ObjectStore } from './object-store.js';
import type { S3Call } from './s3-call.js';
import { listBuckets } from './s3-listing.js';

/** Calls that would be answered wrongly if these were overlooked. */
const UNKNOWN_HEADERS = ['range', 'if-match', 'if-modified-since', 'if-unmodified-since'];
const UNKNOWN_HEADER_PREFIX = 'x-amz-copy-source-';
const UNKNOWN_QUERIES = ['uploads', 'uploadId', 'delete', 'tagging', 'acl', 'policy', 'lifecycle'];

const requireKnown = ({ request, query }: S3Call): void => {
  const header = Object.keys(request.headers).find(
    (name) => UNKNOWN_HEADERS.includes(name) || name.startsWith(UNKNOWN_HEADER_PREFIX),
  );
  const parameter = UNKNOWN_QUERIES.find((name) => query.has(name));
  const unknown = header ?? parameter;
  if (unknown !== undefined) throw new AwsError('NotImplemented', `The sandbox does not know ${unknown}.`, 501);
};

const requireSigned = ({ request, query }: S3Call): void => {
  const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') || query.has('X-Amz-Signature');
  if (!signed) throw new AwsError('AccessDenied', 'Access Denied', 403);
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
