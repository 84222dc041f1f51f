import { AwsError } from '../http/aws-error.js';
import { readBody } from '../http/body.js';
import { reply } from '../http/reply.js';
import { element } from '../http/xml.js';
import type { ObjectStore } from './object-store.js';
import { methodNotAllowed, type S3Call } from './s3-call.js';
import { listObjects, listVersions, xmlDocument } from './s3-listing.js';

// S3 user guide, "Bucket naming rules"; this also keeps names harmless as folder names.
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const MAX_CONFIGURATION_BYTES = 64 * 1024;
const STATUS = /<Status>(Enabled|Suspended)<\/Status>/;

const onVersioning = async (store: ObjectStore, { bucket, request, response }: S3Call): Promise<void> => {
  if (request.method === 'GET') {
    const status = element('Status', store.versioningOf(bucket));
    return reply(response, 200, 'application/xml', xmlDocument('VersioningConfiguration', status));
  }
  if (request.method !== 'PUT') throw methodNotAllowed();
  const status = STATUS.exec((await readBody(request, MAX_CONFIGURATION_BYTES)).toString())?.[1];
  if (status !== 'Enabled' && status !== 'Suspended')
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed.');
  await store.setVersioning(bucket, status);
  response.writeHead(200).end();
};

/** Answers a call on a bucket. */
export const onBucket = async (store: ObjectStore, call: S3Call): Promise<void> => {
  const { bucket, query, request, response } = call;
  if (query.has('versioning')) return onVersioning(store, call);
  switch (request.method) {
    case 'PUT':
      if (!BUCKET.test(bucket)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
      await store.createBucket(bucket);
      return void response.writeHead(200, { location: `/${bucket}` }).end();
    case 'HEAD':
      return void response.writeHead(store.hasBucket(bucket) ? 200 : 404).end();
    case 'GET': {
      const list = query.has('versions') ? listVersions : listObjects;
      return reply(response, 200, 'application/xml', list(bucket, store.versions(bucket), query));
    }
    case 'DELETE':
      await store.deleteBucket(bucket);
      return void response.writeHead(204).end();
    default:
      throw methodNotAllowed();
  }
};
