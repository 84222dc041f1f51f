import { expect, test } from '@jest/globals';
import { awsCredentials } from './aws-credentials.js';

const given = (AWS_ACCESS_KEY_ID?: string, AWS_SECRET_ACCESS_KEY?: string, AWS_SESSION_TOKEN?: string) =>
  awsCredentials({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN });

test('key and secret are credentials, with a token when there is one', () => {
  expect(given('key', 'secret')).toEqual({ credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } });
  expect(given('key', 'secret', 'token')).toMatchObject({ credentials: { sessionToken: 'token' } });
});

test('without both the SDK looks by itself; one alone is a mistake', () => {
  expect(given()).toEqual({});
  expect(() => given('key')).toThrow(/AWS_SECRET_ACCESS_KEY/);
  expect(() => given(undefined, 'secret')).toThrow(/AWS_ACCESS_KEY_ID/);
});
