import { expect, test } from '@jest/globals';
import { planContent } from './content-plan.js';

const DIRECTORY = 'file:///data/content';
const AWS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL_SES: 'http://ses.test' };

test('content is in the data directory, and nobody gets credentials for it', () => {
  expect(planContent({}, DIRECTORY, AWS)).toEqual({ CONTENT_STORE_URL: DIRECTORY });
  const elsewhere = { CONTENT_STORE_URL: 'file:///elsewhere' };
  expect(planContent(elsewhere, DIRECTORY, AWS)).toEqual(elsewhere);
});

test('content in S3 takes the credentials of AWS to every service', () => {
  expect(planContent({ CONTENT_STORE_URL: 's3://bucket' }, DIRECTORY, AWS)).toEqual({
    CONTENT_STORE_URL: 's3://bucket',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});
