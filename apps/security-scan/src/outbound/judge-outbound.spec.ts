import { expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { summaryOf } from '@postern/testing';
import type { MailReader } from '../content/mail-reader.js';
import { policyOf } from '../policies/policies.fake.js';
import { JudgeOutbound } from './judge-outbound.js';
import type { VersionFact } from './outbound-message.js';

const fact = {
  data: {
    message: summaryOf({ id: newId('msg') }),
    dispatch: { envelope: { from: 'agent@postern.test', recipients: [{ address: 'ann@example.com', role: 'to' }] } },
  },
} as VersionFact;

it('what cannot be judged shows a reviewer nothing of itself, and obeys the policies on whom it goes to', () => {
  const domains = policyOf({ type: 'domain_blocklist', config: { domains: ['example.com'] } });
  const words = policyOf({ type: 'keyword_filter', config: { keywords: ['x'] } });
  const risk = policyOf({ type: 'output_scan', config: { threshold: 50 } });
  const judged = new JudgeOutbound({} as MailReader).unjudged(fact, [words, domains, risk]);
  expect(judged.findings.hits.map(({ policy_id }) => policy_id)).toEqual([domains.id]);
  expect(judged.policies).toHaveLength(3);
  expect(judged).toMatchObject({ preview: { text: null }, verdict: { failed: true, flagged: true } });
});
