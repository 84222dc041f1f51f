import { describe, expect, test } from '@jest/globals';
import { targetProblem, type TargetRules } from './target-url.js';

const PUBLIC: TargetRules = { plainHttp: false, reach: 'public', ports: null };

test.each([
  'https://example.com/hook',
  'HTTPS://EXAMPLE.com:8443',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/a?b',
])('%s is a target', (url) => expect(targetProblem(url, PUBLIC)).toBeNull());

test.each([
  ['http://example.com/', 'must start with https://'],
  ['https://example.com:0/', 'must not have port 0'],
  ['https://user@example.com/', 'must be a plain URL such as https://example.com/hook, without a user name or spaces'],
  [
    'https://example.com\\@10.0.0.1/',
    'must be a plain URL such as https://example.com/hook, without a user name or spaces',
  ],
  ['https://0x7f.1/', 'must lead to a public address'],
  ['https://[::ffff:10.0.0.1]/', 'must lead to a public address'],
  ['https://metadata.google.internal/', 'must have a host name that is public'],
])('%s is none: it %s', (url, problem) => expect(targetProblem(url, PUBLIC)).toBe(problem));

describe('where this machine may be reached, too', () => {
  const rules: TargetRules = { ...PUBLIC, plainHttp: true, reach: 'loopback' };

  test.each([
    'http://127.0.0.1:9000/hook',
    'http://127.8.0.1/',
    'http://2130706433/',
    'http://[::1]:9000/',
    'http://localhost/',
    'https://a.LOCALHOST:8443/',
    'http://example.com/',
    'https://8.8.8.8/',
  ])('%s is a target', (url) => expect(targetProblem(url, rules)).toBeNull());

  test.each([
    ['http://0.0.0.0/', 'must lead to a public address'],
    ['http://10.0.0.1/', 'must lead to a public address'],
    ['http://169.254.169.254/latest/meta-data', 'must lead to a public address'],
    ['http://[::ffff:127.0.0.1]/', 'must lead to a public address'],
    ['http://[::]/', 'must lead to a public address'],
    ['https://[fd00::1]/', 'must lead to a public address'],
    ['http://localhost./', 'must have a host name without a dot at its end'],
    ['http://printer/', 'must have a host name that is public'],
    ['http://localhost.internal/', 'must have a host name that is public'],
  ])('%s is none: it %s', (url, problem) => expect(targetProblem(url, rules)).toBe(problem));
});

describe('with ports of the operator’s choice', () => {
  const rules: TargetRules = { ...PUBLIC, plainHttp: true, ports: new Set([443, 8443]) };

  test.each(['https://example.com/', 'https://example.com:443/', 'https://example.com:8443/'])(
    '%s is a target',
    (url) => expect(targetProblem(url, rules)).toBeNull(),
  );

  test.each(['https://example.com:22/', 'http://example.com/', 'http://127.0.0.1:3000/'])('%s is none', (url) =>
    expect(targetProblem(url, { ...rules, reach: 'private' })).toBe('must have one of the ports 443, 8443'),
  );
});
