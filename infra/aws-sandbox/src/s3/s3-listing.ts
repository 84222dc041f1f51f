import { AwsError } from '../http/aws-error.js';
import { element } from '../http/xml.js';
import type { StoredObject } from './object-store.js';

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** S3 API reference, ListObjectsV2: pages have up to 1,000 keys. */
const MAX_KEYS = 1_000;

export const xmlDocument = (name: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${S3_NAMESPACE}">${inner}</${name}>`;

const shown = (object: StoredObject, encode: (text: string) => string): string =>
  element('Contents', {
    Key: encode(object.key),
    LastModified: object.modifiedAt,
    ETag: `"${object.etag}"`,
    Size: object.sizeBytes,
    StorageClass: 'STANDARD',
  });

interface Page {
  readonly objects: StoredObject[];
  readonly prefixes: string[];
  /** The last key or prefix of this page, if more follow. */
  readonly continueAfter: string | undefined;
}

const pageOf = (
  objects: readonly StoredObject[],
  prefix: string,
  delimiter: string,
  after: string,
  limit: number,
): Page => {
  const page: Page = { objects: [], prefixes: [], continueAfter: undefined };
  let last = '';
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const group = cut === -1 ? undefined : object.key.slice(0, cut + delimiter.length);
    const entry = group ?? object.key;
    if (Buffer.compare(Buffer.from(entry), Buffer.from(after)) <= 0 || entry === last) continue;
    if (page.objects.length + page.prefixes.length === limit) return { ...page, continueAfter: last };
    if (group === undefined) page.objects.push(object);
    else page.prefixes.push(group);
    last = entry;
  }
  return page;
};

/**
 * The answer of ListObjectsV2.
 * @param objects  of the bucket, in key order.
 */
export const listObjects = (bucket: string, objects: readonly StoredObject[], query: URLSearchParams): string => {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = Math.min(Number(query.get('max-keys') || MAX_KEYS), MAX_KEYS);
  if (!Number.isInteger(limit) || limit < 0) throw new AwsError('InvalidArgument', 'max-keys must be a whole number.');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const { objects: found, prefixes, continueAfter } = pageOf(objects, prefix, delimiter, after, limit);
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string): string => text;
  const inner = [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('EncodingType', query.get('encoding-type') ?? undefined),
    element('KeyCount', found.length + prefixes.length),
    element('MaxKeys', limit),
    element('IsTruncated', continueAfter !== undefined),
    element('NextContinuationToken', continueAfter && Buffer.from(continueAfter).toString('base64url')),
    ...found.map((object) => shown(object, encode)),
    ...prefixes.map((group) => element('CommonPrefixes', { Prefix: encode(group) })),
  ];
  return xmlDocument('ListBucketResult', inner.join(''));
};

export const listBuckets = (buckets: readonly string[]): string => {
  const each = buckets.map((name) => element('Bucket', { Name: name })).join('');
  return xmlDocument('ListAllMyBucketsResult', `<Buckets>${each}</Buckets>`);
};
