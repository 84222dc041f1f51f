import { pipeline } from 'node:stream/promises';
import { AwsError } from '../http/aws-error.js';
import { reply } from '../http/reply.js';
import { element } from '../http/xml.js';
import { decodeAwsChunked } from './aws-chunked.js';
import type { ObjectStore } from './object-store.js';
import { xmlDocument } from './s3-listing.js';
import {
  headerOf,
  methodNotAllowed,
  noSuchKey,
  noSuchVersion,
  type S3Call,
  shownTime,
  versionHeader,
} from './s3-call.js';
import type { StoredObject } from './stored-object.js';

const MAX_KEY_BYTES = 1_024;
const DEFAULT_TYPE = 'binary/octet-stream';

const metadataOf = (request: S3Call['request']): Record<string, string> =>
  Object.fromEntries(
    Object.keys(request.headers)
      .filter((name) => name.startsWith('x-amz-meta-'))
      .map((name) => [name, headerOf(request, name) ?? '']),
  );

const putObject = async (store: ObjectStore, { bucket, key, request, response }: S3Call): Promise<void> => {
  if (headerOf(request, 'if-none-match') === '*' && store.find(bucket, key)) {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  const stated = new Map<string, string>();
  for (const name of Object.keys(request.headers)) {
    if (name === 'content-md5' || name.startsWith('x-amz-checksum-')) stated.set(name, headerOf(request, name) ?? '');
  }
  const chunked = headerOf(request, 'x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
  const length = headerOf(request, chunked ? 'x-amz-decoded-content-length' : 'content-length');
  const body = request as AsyncIterable<Buffer>;
  const object = await store.put(bucket, key, {
    content: chunked ? decodeAwsChunked(body, stated) : body,
    contentType: headerOf(request, 'content-type') ?? DEFAULT_TYPE,
    headers: metadataOf(request),
    stated,
    sizeBytes: length === undefined ? undefined : Number(length),
  });
  response.writeHead(200, { etag: `"${object.etag}"`, ...checksumsOf(object), ...versionHeader(object) }).end();
};

/** `x-amz-copy-source`: `[/]bucket/key[?versionId=id]`, URL-encoded. */
const readCopySource = (source: string): { bucket: string; key: string; versionId: string | undefined } => {
  const [path = '', query = ''] = source.split('?');
  const [bucket = '', ...key] = decodeURIComponent(path.replace(/^\//, '')).split('/');
  return { bucket, key: key.join('/'), versionId: new URLSearchParams(query).get('versionId') ?? undefined };
};

const copyObject = async (store: ObjectStore, call: S3Call, copySource: string): Promise<void> => {
  const { bucket, key, request, response } = call;
  const from = readCopySource(copySource);
  const replaces = headerOf(request, 'x-amz-metadata-directive') === 'REPLACE';
  if (from.bucket === bucket && from.key === key && from.versionId === undefined && !replaces) {
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const source = store.find(from.bucket, from.key, from.versionId);
  const content = source && !source.isDeleteMarker ? await store.read(from.bucket, source) : undefined;
  if (!source || !content) throw from.versionId === undefined ? noSuchKey() : noSuchVersion();
  const object = await store.put(bucket, key, {
    content: content as AsyncIterable<Buffer>,
    contentType: replaces ? (headerOf(request, 'content-type') ?? DEFAULT_TYPE) : source.contentType,
    headers: { ...(replaces ? metadataOf(request) : source.headers), ...checksumsOf(source) },
    stated: new Map(),
    sizeBytes: source.sizeBytes,
  });
  const result = element('LastModified', shownTime(object)) + element('ETag', `"${object.etag}"`);
  reply(response, 200, 'application/xml', xmlDocument('CopyObjectResult', result), {
    ...versionHeader(object),
    ...versionHeader(source, 'x-amz-copy-source-version-id'),
  });
};

const checksumsOf = (object: StoredObject): Record<string, string> =>
  Object.fromEntries(Object.entries(object.headers).filter(([name]) => name.startsWith('x-amz-checksum-')));

const getObject = async (store: ObjectStore, { bucket, key, query, request, response }: S3Call): Promise<void> => {
  const versionId = query.get('versionId') ?? undefined;
  const object = store.find(bucket, key, versionId);
  if (object?.isDeleteMarker) throw methodNotAllowed();
  const content = object && (await store.read(bucket, object));
  if (!object || !content) throw versionId === undefined ? noSuchKey() : noSuchVersion();
  const metadata = Object.entries(object.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const etag = `"${object.etag}"`;
  const isUnchanged = headerOf(request, 'if-none-match') === etag;
  if (isUnchanged) response.writeHead(304, { etag });
  else {
    response.writeHead(200, {
      'content-type': object.contentType,
      'content-length': object.sizeBytes,
      etag,
      'last-modified': new Date(object.modifiedAt).toUTCString(),
      ...Object.fromEntries(metadata),
      ...versionHeader(object),
      ...(headerOf(request, 'x-amz-checksum-mode') === 'ENABLED' ? checksumsOf(object) : {}),
    });
  }
  if (!isUnchanged && request.method === 'GET') return pipeline(content, response);
  content.destroy();
  response.end();
};

const deleteObject = async (store: ObjectStore, { bucket, key, query, response }: S3Call): Promise<void> => {
  const removed = await store.remove(bucket, key, query.get('versionId') ?? undefined);
  response
    .writeHead(204, {
      ...(removed && versionHeader(removed)),
      ...(removed?.isDeleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
    })
    .end();
};

/** Answers a call on an object. */
export const onObject = async (store: ObjectStore, call: S3Call): Promise<void> => {
  if (Buffer.byteLength(call.key) > MAX_KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
  const copySource = headerOf(call.request, 'x-amz-copy-source');
  switch (call.request.method) {
    case 'PUT':
      return copySource === undefined ? putObject(store, call) : copyObject(store, call, copySource);
    case 'GET':
    case 'HEAD':
      return getObject(store, call);
    case 'DELETE':
      return deleteObject(store, call);
    default:
      throw methodNotAllowed();
  }
};
