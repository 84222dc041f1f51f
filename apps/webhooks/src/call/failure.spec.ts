import { expect, test } from '@jest/globals';
import { PrivateTarget, RefusedDoor } from '../target/target-guard.js';
import { failureText } from './failure.js';

const coded = (code: string): Error => Object.assign(new Error('10.0.0.7 and other things of our network'), { code });

test.each([
  [coded('ENOTFOUND'), 'The host name of the endpoint does not resolve.'],
  [coded('ECONNREFUSED'), 'The endpoint refused the connection.'],
  [new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]), 'The endpoint refused the connection.'],
  [coded('UND_ERR_SOCKET'), 'The endpoint closed the connection before it answered.'],
  [coded('UND_ERR_CONNECT_TIMEOUT'), 'The endpoint did not answer in time.'],
  [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'The TLS certificate or handshake of the endpoint is not valid.'],
  [
    new Error('fetch failed', { cause: coded('CERT_HAS_EXPIRED') }),
    'The TLS certificate or handshake of the endpoint is not valid.',
  ],
  [coded('HPE_INVALID_CONSTANT'), 'The answer of the endpoint is not valid HTTP.'],
  [new PrivateTarget(), 'The endpoint leads to an address that is not public.'],
  [new RefusedDoor(), 'The scheme or port of the endpoint is not allowed; change its URL.'],
  [coded('ESOMETHING'), 'The connection failed; check that the endpoint runs and its host name is right.'],
  ['not even an error', 'The connection failed; check that the endpoint runs and its host name is right.'],
])('%s: %s', (error, text) => {
  expect(failureText(error, false)).toBe(text);
});

test('a time-out is one, whatever broke then', () => {
  expect(failureText(coded('UND_ERR_ABORTED'), true)).toBe('The endpoint did not answer in time.');
});
