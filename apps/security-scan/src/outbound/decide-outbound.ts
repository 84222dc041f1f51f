import type { ApprovalReason, OnFlagged, SecurityLevel } from '@postern/contracts';
import type { PolicyRuling } from '../policies/policy.js';
import type { Verdict } from '../verdict/verdict.js';

/** What becomes of a version of an outbound message; `redacted`: the next one does without personal data, and is judged instead. */
export type OutboundOutcome =
  | { kind: 'passed'; securityStatus: 'clean' | 'flagged' }
  | { kind: 'held'; securityStatus: 'clean' | 'flagged'; reason: ApprovalReason }
  | { kind: 'rejected'; reason: string }
  | { kind: 'redacted' };

/** Longest reason shown beside a recipient. */
const REASON_MAX_CHARS = 200;

const rejected = (reason: string): OutboundOutcome => ({ kind: 'rejected', reason: reason.slice(0, REASON_MAX_CHARS) });

/**
 * Applies an inbox's rules and policies to a verdict. Levels are cumulative: below `guarded_send` nothing is sent (messaging
 * refuses it first), `full_lockdown` holds what nothing rejects. The strongest of scan and policies wins; what a policy
 * takes personal data out of is scanned without it, so that the scan does not hold it for what is not sent. What could not be
 * scanned waits for a person, whatever the inbox does with what is flagged.
 */
export function decideOutbound(
  rules: { securityLevel: SecurityLevel; onFlagged: OnFlagged },
  verdict: Verdict,
  { decisive, redacts }: Pick<PolicyRuling, 'decisive' | 'redacts'>,
): OutboundOutcome {
  if (rules.securityLevel === 'receive_only' || rules.securityLevel === 'ai_protected') {
    return rejected('The security level of the inbox does not allow sending.');
  }
  if (decisive?.action === 'block') return rejected(`Blocked by a policy: ${decisive.reason}`);
  if (redacts) return { kind: 'redacted' };
  const securityStatus = verdict.flagged || decisive !== null ? 'flagged' : 'clean';
  const byScan = verdict.failed === true ? 'hold' : verdict.flagged ? rules.onFlagged : 'tag';
  if (rules.securityLevel === 'full_lockdown') return { kind: 'held', securityStatus, reason: 'full_lockdown' };
  if (byScan === 'reject') return rejected(`Blocked by the security scan: ${verdict.security.summary}`);
  if (decisive?.action === 'hold') return { kind: 'held', securityStatus, reason: 'policy' };
  return byScan === 'hold' ? { kind: 'held', securityStatus, reason: 'scan' } : { kind: 'passed', securityStatus };
}
