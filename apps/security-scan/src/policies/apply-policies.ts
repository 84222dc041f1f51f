import type { PolicyAction, PolicyHit } from '@postern/contracts';
import { Effort } from './patterns/effort.js';
import type { KeptFindings, PolicyFindings, PolicyInForce, PolicyRuling, PolicySubject } from './policy.js';
import { onBlocklist, outsideAllowlist } from './types/domain-lists.js';
import { MailWords, wordsFound } from './types/keyword-filter.js';
import { riskReaches } from './types/output-scan.js';
import { redactPii, type PiiRuling } from './types/pii-redaction.js';
import { isTooMany, type SentLately } from './types/rate-limit.js';
import { isNoReply } from './types/reply-only.js';

/**
 * For all keyword filters on one mail; then they speak against it. A hundred filters of 20 take 40 ms for 5 KB, one takes 0.1 s
 * for 1 MiB.
 */
const FILTERS_MAX_MS = 2000;

/** The strongest first. */
const STRENGTH: readonly PolicyAction[] = ['block', 'hold', 'tag'];

/** Asked of rate limits: what only the moment of the decision can tell. */
export type CountSent = (policy: PolicyInForce) => SentLately;

type RateLimit = Extract<PolicyInForce, { type: 'rate_limit' }>;
type PiiRedaction = Extract<PolicyInForce, { type: 'pii_redaction' }>;

export const isRateLimit = (policy: PolicyInForce): policy is RateLimit => policy.type === 'rate_limit';
const isRedaction = (policy: PolicyInForce): policy is PiiRedaction => policy.type === 'pii_redaction';

/**
 * Holds a message against all policies but rate limits. All are asked, so that all hits are told. No effects; the same for
 * the same, but for filters that take too long.
 */
export function applyPolicies(
  policies: readonly PolicyInForce[],
  subject: PolicySubject,
  effort = new Effort(FILTERS_MAX_MS),
): PolicyFindings {
  const redactions = policies.filter(isRedaction);
  const pii =
    redactions.length === 0
      ? null
      : redactPii(
          redactions.map(({ config }) => config),
          subject,
        );
  const words = new MailWords(subject.mail);
  return {
    hits: policies.flatMap((policy) => {
      if (isRateLimit(policy)) return [];
      if (isRedaction(policy)) return pii === null ? [] : redactionHit(policy, pii);
      return hitOf(policy, reasonOf(policy, subject, words, effort));
    }),
    redaction: pii?.edit ?? null,
  };
}

/**
 * Decides by what was found, and by rate limits: the strongest action wins, and among equals the first policy.
 * @param policies  in the order of priority, then age.
 */
export function ruleByPolicies(
  policies: readonly PolicyInForce[],
  { hits: found, redacts }: KeptFindings,
  sentLately: CountSent,
): PolicyRuling {
  const hits = policies.flatMap((policy) =>
    isRateLimit(policy)
      ? hitOf(policy, isTooMany(policy.config, sentLately(policy)))
      : found.filter((hit) => hit.policy_id === policy.id),
  );
  const decisive = STRENGTH.flatMap((action) => hits.filter((hit) => hit.action === action))[0] ?? null;
  return { hits, decisive, redacts };
}

function hitOf({ id, type, action }: PolicyInForce, reason: string | null): PolicyHit[] {
  return reason === null ? [] : [{ policy_id: id, type, action, reason }];
}

function reasonOf(
  policy: Exclude<PolicyInForce, RateLimit | PiiRedaction>,
  { recipients, answers, riskScore }: PolicySubject,
  words: MailWords,
  effort: Effort,
): string | null {
  switch (policy.type) {
    case 'domain_allowlist':
      return outsideAllowlist(policy.config, recipients);
    case 'domain_blocklist':
      return onBlocklist(policy.config, recipients);
    case 'keyword_filter':
      return wordsFound(policy.config, words, effort);
    case 'output_scan':
      return riskReaches(policy.config, riskScore);
    case 'reply_only':
      return isNoReply(answers, recipients);
  }
}

/** What can be taken out is sent without it, and tagged; the action is for what cannot be, and never less than to hold. */
function redactionHit(policy: PiiRedaction, pii: PiiRuling): PolicyHit[] {
  const stuck = pii.stuck(policy.config);
  if (stuck !== null) return hitOf({ ...policy, action: policy.action === 'block' ? 'block' : 'hold' }, stuck);
  return pii.acts(policy.config)
    ? hitOf({ ...policy, action: 'tag' }, 'Personal data is taken out before it is sent.')
    : [];
}
