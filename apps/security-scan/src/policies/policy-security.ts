import type { PolicyHit, Security } from '@postern/contracts';
import type { PolicyRuling } from './policy.js';

/** Certain: it is the rule of the tenant. The risk score is the mail's own and stays. */
const detectionOf = ({ action, reason }: PolicyHit): Security['detections'][number] => ({
  method: 'policy',
  result: action,
  detail: reason,
  confidence: 1,
});

/** Tells in a verdict what the policies said, and which of them decided. */
export function withPolicies(
  security: Security,
  { hits, decisive }: Pick<PolicyRuling, 'hits' | 'decisive'>,
): Security {
  if (decisive === null) return security;
  return {
    ...security,
    summary: security.detections.length === 0 ? decisive.reason : `${decisive.reason} ${security.summary}`,
    detections: [...hits.map(detectionOf), ...security.detections],
    triggered_policy: decisive.policy_id,
  };
}
