import { describe, expect, it } from '@jest/globals';
import { credentialOf } from './credential.js';

describe('credentialOf', () => {
  it.each([
    ['a bearer token', { authorization: 'Bearer abc' }, 'abc'],
    ['a scheme in any case', { authorization: 'bEARER abc' }, 'abc'],
    ['several spaces', { authorization: 'Bearer   abc ' }, 'abc'],
    ['the own header', { 'x-api-key': 'abc' }, 'abc'],
    ['both, when they agree', { authorization: 'Bearer abc', 'x-api-key': 'abc' }, 'abc'],
  ])('takes %s', (_what, headers, secret) => expect(credentialOf(headers)).toBe(secret));

  it.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic abc' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['two tokens', { authorization: 'Bearer abc def' }],
    ['no scheme', { authorization: 'abc' }],
    ['an empty own header', { 'x-api-key': '' }],
    ['both, when they differ', { authorization: 'Bearer abc', 'x-api-key': 'def' }],
    ['a broken one beside a good one', { authorization: 'Basic abc', 'x-api-key': 'abc' }],
  ])('refuses %s', (_what, headers) => expect(credentialOf(headers)).toBeNull());
});
