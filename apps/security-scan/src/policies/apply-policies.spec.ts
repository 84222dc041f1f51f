import { describe, expect, it } from '@jest/globals';
import { newId, type AnsweredMail, type PolicyAction, type PolicyRule } from '@postern/contracts';
import { randomFrom } from '@postern/testing';
import { outboundMail, type FakeMail } from '../normalise/scanned-mail.fake.js';
import { Effort } from './patterns/effort.js';
import { applyPolicies, ruleByPolicies } from './apply-policies.js';
import { policyOf, subjectOf } from './policies.fake.js';
import type { PolicySubject } from './policy.js';
import type { SentLately } from './types/rate-limit.js';

const LIMIT_MS = 100;
/** What a step between two looks at the clock may take on a busy machine comes on top. */
const CPU_MAX_MS = 5_000;

const NONE: SentLately = { hour: 0, day: 0 };

/** What one policy says; null is nothing. */
const said = (rule: PolicyRule, subject: PolicySubject, action?: PolicyAction): string | null =>
  applyPolicies([policyOf(rule, action)], subject).hits[0]?.reason ?? null;

describe('domain lists', () => {
  const config = { domains: ['example.com', '*.example.org', 'xn--bcher-kva.example'] };
  it.each([
    [['ann@example.com'], [false, true]],
    [['ann@mail.example.com'], [true, false]],
    [['ann@example.org'], [true, false]],
    [['ann@a.b.example.org'], [false, true]],
    [['ann@xn--bcher-kva.example'], [false, true]],
    [
      ['ann@example.com', 'eve@evil.example'],
      [true, true],
    ],
    [['ann@notexample.com'], [true, false]],
  ])('%j: outside, inside %j', (recipients, expected) => {
    const subject = subjectOf({}, { recipients });
    expect([
      said({ type: 'domain_allowlist', config }, subject) !== null,
      said({ type: 'domain_blocklist', config }, subject) !== null,
    ]).toEqual(expected);
  });
});

describe('a keyword filter', () => {
  const filter = (keywords: string[], patterns: string[] = []): PolicyRule => ({
    type: 'keyword_filter',
    config: { keywords, patterns },
  });
  it.each<[string, FakeMail, boolean]>([
    ['strictly confidential', { text: 'This is STRICTLY\r\n \tConfidential.' }, true],
    ['strictly confidential', { text: 'Strictly, confidential.' }, false],
    ['Straße', { subject: 'STRASSE' }, false],
    ['café', { text: 'cafe\u0301' }, true],
    ['confidential', { text: 'con\u200bfi\u00adden\u2060tial' }, true],
    ['confidential', { text: 'ｃｏｎｆｉｄｅｎｔｉａｌ' }, true],
    ['confidential', { html: '<p>con<b>fiden</b>tial</p>' }, true],
    ['confidential', { html: '<p hidden>confidential</p>' }, true],
    ['budget', { attachments: [{ filename: 'Budget.pdf', contentType: 'x/y', bytes: Buffer.from('x') }] }, true],
    [
      'budget',
      { attachments: [{ filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('my budget') }] },
      true,
    ],
  ])('finds %j in %j: %s', (keyword, mail, expected) => {
    expect(said(filter([keyword]), subjectOf(mail)) !== null).toBe(expected);
  });

  it('speaks against what it cannot look at whole', () => {
    const mail = { ...outboundMail({}), cut: ['text'] };
    expect(said(filter(['alpha']), subjectOf({}, { mail }))).toContain('too large');
  });

  it('names what was found by its number only', () => {
    const subject = subjectOf({ text: 'project 4711', subject: 'Hi' });
    expect(said(filter(['alpha', '4711']), subject)).toBe('Keyword 2 of the filter stands in: text.');
    expect(said(filter(['alpha'], ['x', '\\d{4}']), subject)).toBe('Pattern 2 of the filter fits in: text.');
  });

  it.each<[string, (n: number) => string[], (n: number) => string[]]>([
    // Each step of the search keeps 190 states alive.
    ['patterns', () => [], (n) => Array.from({ length: 10 }, (_, i) => `[ab]*a[ab]{${170 + n + i}}[cd]`)],
    ['keywords', (n) => Array.from({ length: 100 }, (_, i) => `${'ab'.repeat(50)}${n} ${i}`), () => []],
  ])('speaks against what takes its %s too long', (_what, keywords, patterns) => {
    const filters = Array.from({ length: 100 }, (_, n) => policyOf(filter(keywords(n), patterns(n % 10))));
    const random = randomFrom(1);
    const text = Array.from({ length: 128 * 1024 }, () => (random() < 0.5 ? 'a' : 'b')).join('');
    const startedAt = process.cpuUsage();
    const { hits } = applyPolicies(filters, subjectOf({ text }), new Effort(LIMIT_MS));
    expect(hits.at(-1)?.reason).toContain('too long');
    const { user, system } = process.cpuUsage(startedAt);
    expect((user + system) / 1000).toBeLessThan(CPU_MAX_MS);
  });
});

describe('replies only', () => {
  const answers: AnsweredMail = { messageId: newId('msg'), addresses: ['ann@example.com', 'help@example.com'] };
  it.each<[AnsweredMail | null, string[], boolean]>([
    [null, ['ann@example.com'], true],
    [answers, ['ann@example.com'], false],
    [answers, ['help@example.com', 'ann@example.com'], false],
    [answers, ['ann@example.com', 'eve@example.com'], true],
  ])('%j, to %j: %s', (given, recipients, expected) => {
    expect(said({ type: 'reply_only', config: {} }, subjectOf({}, { answers: given, recipients })) !== null).toBe(
      expected,
    );
  });
});

it.each([
  [49, false],
  [50, true],
  [51, true],
])('the threshold of 50 and a risk score of %d: %s', (riskScore, expected) => {
  const rule: PolicyRule = { type: 'output_scan', config: { threshold: 50 } };
  expect(said(rule, subjectOf({}, { riskScore })) !== null).toBe(expected);
});

describe('redaction', () => {
  const config = { redact_emails: true, redact_phone_numbers: false, redact_ssn: false, redact_credit_cards: true };
  const rule: PolicyRule = { type: 'pii_redaction', config };
  const card = '4111 1111 1111 1111';

  it('tags what can be taken out, whatever its action, and says it once', () => {
    const subject = subjectOf({ subject: 'Hi', text: `Pay with ${card}.`, html: `<p>Pay with ${card}.</p>` });
    const { hits, redaction } = applyPolicies([policyOf(rule, 'block')], subject);
    expect(hits).toMatchObject([{ action: 'tag' }]);
    expect(redaction).toEqual({
      text: 'Pay with [card number removed].',
      html: '<p>Pay with [card number removed].</p>',
    });
    expect(JSON.stringify(hits)).not.toContain('4111');
    expect(applyPolicies([policyOf(rule)], subjectOf({ text: redaction?.text ?? '' }))).toEqual({
      hits: [],
      redaction: null,
    });
  });

  it('leaves the other kinds alone', () => {
    const subject = subjectOf({ text: 'My number is 078-05-1120 (SSN 219-09-9999).' });
    expect(applyPolicies([policyOf(rule)], subject).redaction).toBeNull();
  });

  it.each<[PolicyAction, PolicyAction]>([
    ['block', 'block'],
    ['hold', 'hold'],
    ['tag', 'hold'],
  ])('of an attachment is not possible: %s comes to %s', (action, expected) => {
    const attachments = [{ filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from(`card ${card}`) }];
    const { hits, redaction } = applyPolicies([policyOf(rule, action)], subjectOf({ attachments }));
    expect([hits.map((hit) => hit.action), redaction]).toEqual([[expected], null]);
  });

  it('is not tried again on what it missed', () => {
    const { hits, redaction } = applyPolicies([policyOf(rule, 'tag')], subjectOf({ text: card }, { redacted: true }));
    expect([hits.map((hit) => hit.action), redaction]).toEqual([['hold'], null]);
  });
});

describe('several policies', () => {
  const replies = (action: PolicyAction) => policyOf({ type: 'reply_only', config: {} }, action);
  const rate = policyOf({ type: 'rate_limit', config: { max_per_hour: 2, max_per_day: 3 } }, 'hold');

  it('are all told, and the strongest decides, the first of them among equals', () => {
    const policies = [replies('tag'), rate, replies('hold'), replies('hold')];
    const { hits } = applyPolicies(policies, subjectOf());
    const ruling = ruleByPolicies(policies, { hits, redacts: false }, () => ({ hour: 2, day: 2 }));
    expect(ruling.hits.map((hit) => hit.policy_id)).toEqual(policies.map(({ id }) => id));
    expect(ruling.decisive?.policy_id).toBe(rate.id);
  });

  it.each([
    [{ hour: 0, day: 0 }, false],
    [{ hour: 1, day: 2 }, false],
    [{ hour: 2, day: 2 }, true],
    [{ hour: 0, day: 3 }, true],
  ])('a rate limit of 2 an hour and 3 a day, after %j: %s', (counts, expected) => {
    expect(ruleByPolicies([rate], { hits: [], redacts: false }, () => counts).decisive !== null).toBe(expected);
  });

  it('have nothing to say without one', () => {
    expect(ruleByPolicies([], { hits: [], redacts: false }, () => NONE).decisive).toBeNull();
  });
});
