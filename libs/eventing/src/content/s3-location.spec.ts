import { describe, expect, it } from '@jest/globals';
import { readS3Location } from './s3-location.js';

describe(readS3Location, () => {
  it.each([
    ['s3://bucket', { bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { bucket: 'bucket', prefix: '' }],
    ['s3://my.bucket-1/a/b/', { bucket: 'my.bucket-1', prefix: 'a/b/' }],
    ['s3://bucket/a?region=eu-central-1', { bucket: 'bucket', prefix: 'a/', region: 'eu-central-1' }],
    ['s3://bucket?endpoint=http://minio:9000', { bucket: 'bucket', prefix: '', endpoint: 'http://minio:9000' }],
  ])('reads %s', (url, location) => {
    expect(readS3Location(new URL(url))).toEqual(location);
  });

  it.each([
    's3:///prefix',
    's3://Bucket_1',
    's3://bucket/a%20b',
    's3://bucket/a//b',
    's3://bucket?regoin=x',
    's3://bucket?endpoint=minio:9000',
    's3://key:secret@bucket',
    's3://bucket:9000',
  ])('refuses %s', (url) => {
    expect(() => readS3Location(new URL(url))).toThrow('CONTENT_STORE_URL');
  });
});
