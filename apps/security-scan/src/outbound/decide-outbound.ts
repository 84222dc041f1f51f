import type { ApprovalReason, OnFlagged, SecurityLevel } from '@postern/contracts';
import type { Verdict } from '../verdict/verdict.js';

/** What becomes of an outbound message. */
export type OutboundOutcome =
  | { kind: 'passed'; securityStatus: 'clean' | 'flagged' }
  | { kind: 'held'; securityStatus: 'clean' | 'flagged'; reason: ApprovalReason }
  | { kind: 'rejected'; reason: string };

/** Longest reason shown beside a recipient. */
const REASON_MAX_CHARS = 200;

/**
 * Applies an inbox's rules to a verdict. Levels are cumulative: below `guarded_send` nothing is sent (messaging refuses
 * it first), `full_lockdown` holds everything.
 */
export function decideOutbound(
  rules: { securityLevel: SecurityLevel; onFlagged: OnFlagged },
  verdict: Verdict,
): OutboundOutcome {
  const securityStatus = verdict.flagged ? 'flagged' : 'clean';
  switch (rules.securityLevel) {
    case 'receive_only':
    case 'ai_protected':
      return { kind: 'rejected', reason: 'The security level of the inbox does not allow sending.' };
    case 'full_lockdown':
      return { kind: 'held', securityStatus, reason: 'full_lockdown' };
    case 'guarded_send':
      return verdict.flagged ? onFlagged(rules.onFlagged, verdict) : { kind: 'passed', securityStatus };
  }
}

function onFlagged(rule: OnFlagged, verdict: Verdict): OutboundOutcome {
  switch (rule) {
    case 'hold':
      return { kind: 'held', securityStatus: 'flagged', reason: 'scan' };
    case 'reject':
      return {
        kind: 'rejected',
        reason: `Blocked by the security scan: ${verdict.security.summary}`.slice(0, REASON_MAX_CHARS),
      };
    case 'tag':
      return { kind: 'passed', securityStatus: 'flagged' };
  }
}
