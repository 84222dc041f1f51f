import { newId, type PolicyAction, type PolicyRule } from '@postern/contracts';
import { outboundMail, type FakeMail } from '../normalise/scanned-mail.fake.js';
import type { PolicyInForce, PolicySubject } from './policy.js';

/** For unit specs: a policy of the whole organization. */
export const policyOf = (rule: PolicyRule, action: PolicyAction = 'block'): PolicyInForce => ({
  ...rule,
  id: newId('pol'),
  inboxId: null,
  action,
  version: 1,
});

/** For unit specs: a message to somebody at example.com that answers nothing. */
export const subjectOf = (mail: FakeMail = {}, rest: Partial<PolicySubject> = {}): PolicySubject => ({
  mail: outboundMail(mail),
  body: { subject: mail.subject ?? '', text: mail.text ?? null, html: mail.html ?? null },
  recipients: ['ann@example.com'],
  answers: null,
  riskScore: 0,
  redacted: false,
  ...rest,
});
