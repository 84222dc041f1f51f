import { AwsError } from '../http/aws-error.js';
import { element } from '../http/xml.js';
import { shownTime } from './s3-call.js';
import type { StoredObject } from './stored-object.js';

export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** S3 API reference, ListObjectsV2: pages have up to 1,000 keys. */
const MAX_KEYS = 1_000;

export const xmlDocument = (name: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${S3_NAMESPACE}">${inner}</${name}>`;

const shown = (object: StoredObject, encode: (text: string) => string): string =>
  element('Contents', {
    Key: encode(object.key),
    LastModified: shownTime(object),
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

const encodingOf = (query: URLSearchParams): ((text: string) => string) =>
  query.get('encoding-type') === 'url' ? encodeURIComponent : (text) => text;

const limitOf = (query: URLSearchParams): number => {
  const limit = Math.min(Number(query.get('max-keys') || MAX_KEYS), MAX_KEYS);
  if (!Number.isInteger(limit) || limit < 0) throw new AwsError('InvalidArgument', 'max-keys must be a whole number.');
  return limit;
};

/** What is seen: the newest version of each key that is no delete marker. */
const currentOf = (versions: readonly StoredObject[]): StoredObject[] =>
  versions.filter(({ key, isDeleteMarker }, index) => !isDeleteMarker && versions[index - 1]?.key !== key);

/**
 * The answer of ListObjectsV2.
 * @param versions  of the bucket, in key order, the newest of a key first.
 */
export const listObjects = (bucket: string, versions: readonly StoredObject[], query: URLSearchParams): string => {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = limitOf(query);
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const objects = currentOf(versions);
  const { objects: found, prefixes, continueAfter } = pageOf(objects, prefix, delimiter, after, limit);
  const encode = encodingOf(query);
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

const shownVersion = (version: StoredObject, isLatest: boolean, encode: (text: string) => string): string => {
  const about = {
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: isLatest,
    LastModified: shownTime(version),
  };
  if (version.isDeleteMarker) return element('DeleteMarker', about);
  const content = { ETag: `"${version.etag}"`, Size: version.sizeBytes, StorageClass: 'STANDARD' };
  return element('Version', { ...about, ...content });
};

/**
 * The answer of ListObjectVersions.
 * @param versions  of the bucket, in key order, the newest of a key first.
 * @throws AwsError `NotImplemented` for a delimiter.
 */
export const listVersions = (bucket: string, versions: readonly StoredObject[], query: URLSearchParams): string => {
  if (query.get('delimiter'))
    throw new AwsError('NotImplemented', 'The sandbox lists versions without delimiter.', 501);
  const prefix = query.get('prefix') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  const limit = limitOf(query);
  const marker = versions.findIndex(({ key, versionId }) => key === keyMarker && versionId === versionMarker);
  const isAfter = ({ key }: StoredObject, index: number): boolean =>
    marker === -1 ? Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0 : index > marker;
  const encode = encodingOf(query);
  const found = versions.flatMap((version, index) =>
    version.key.startsWith(prefix) && isAfter(version, index)
      ? [{ version, isLatest: versions[index - 1]?.key !== version.key }]
      : [],
  );
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1)?.version : undefined;
  const inner = [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('KeyMarker', encode(keyMarker)),
    element('VersionIdMarker', versionMarker),
    element('EncodingType', query.get('encoding-type') ?? undefined),
    element('MaxKeys', limit),
    element('IsTruncated', last !== undefined),
    element('NextKeyMarker', last && encode(last.key)),
    element('NextVersionIdMarker', last?.versionId),
    ...page.map(({ version, isLatest }) => shownVersion(version, isLatest, encode)),
  ];
  return xmlDocument('ListVersionsResult', inner.join(''));
};

export const listBuckets = (buckets: readonly string[]): string => {
  const each = buckets.map((name) => element('Bucket', { Name: name })).join('');
  return xmlDocument('ListAllMyBucketsResult', `<Buckets>${each}</Buckets>`);
};
