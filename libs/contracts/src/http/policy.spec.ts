import { describe, expect, it } from '@jest/globals';
import { CreatePolicyBody } from './policy.js';

const issuesOf = (body: object): string[] =>
  (CreatePolicyBody.safeParse({ action: 'block', ...body }).error?.issues ?? []).map(({ path, code }) =>
    [path.join('.'), code].join(' '),
  );

describe('a policy', () => {
  it('has defaults, and its domains in one form', () => {
    const config = { domains: ['*.Bücher.Example', 'EXAMPLE.com.'] };
    const read = CreatePolicyBody.parse({ type: 'domain_allowlist', action: 'hold', config });
    expect(read).toEqual({
      inbox_id: null,
      type: 'domain_allowlist',
      config: { domains: ['*.xn--bcher-kva.example', 'example.com'] },
      action: 'hold',
      priority: 100,
      enabled: true,
    });
    expect(CreatePolicyBody.parse(read)).toEqual(read);
  });

  it.each<[string, object, string[]]>([
    ['domain_allowlist', { domains: [] }, ['config.domains too_small']],
    ['domain_blocklist', { domains: ['nowhere', 'a.example'] }, ['config.domains.0 custom']],
    ['keyword_filter', {}, ['config.keywords custom']],
    ['keyword_filter', { keywords: [' '] }, ['config.keywords.0 invalid_format']],
    ['keyword_filter', { patterns: ['x'.repeat(501)] }, ['config.patterns.0 too_big']],
    ['rate_limit', {}, ['config.max_per_hour custom']],
    ['rate_limit', { max_per_day: 0 }, ['config.max_per_day too_small']],
    ['pii_redaction', { redact_ssn: false }, ['config.redact_emails custom']],
    ['output_scan', { threshold: 101 }, ['config.threshold too_big']],
    ['reply_only', { domains: ['a.example'] }, ['config unrecognized_keys']],
    ['no_such_type', {}, ['type invalid_value']],
  ])('of type %s does not take %j', (type, config, expected) => {
    expect(issuesOf({ type, config })).toEqual(expected);
  });

  it('takes no field that it does not know', () => {
    expect(issuesOf({ type: 'reply_only', config: {}, name: 'x' })).toEqual([' unrecognized_keys']);
  });
});
