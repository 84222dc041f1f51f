import { describe, expect, test } from '@jest/globals';
import { targetProblem, type TargetRules } from './target-url.js';

const PUBLIC: TargetRules = { plainHttp: false, privateTargets: false, ports: null };

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

describe('with ports of the operator’s choice', () => {
  const rules: TargetRules = { ...PUBLIC, plainHttp: true, ports: new Set([443, 8443]) };

  test.each(['https://example.com/', 'https://example.com:443/', 'https://example.com:8443/'])(
    '%s is a target',
    (url) => expect(targetProblem(url, rules)).toBeNull(),
  );

  test.each(['https://example.com:22/', 'http://example.com/', 'http://127.0.0.1:3000/'])('%s is none', (url) =>
    expect(targetProblem(url, { ...rules, privateTargets: true })).toBe('must have one of the ports 443, 8443'),
  );
});
