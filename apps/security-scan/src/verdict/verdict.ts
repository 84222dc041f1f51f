import type { Security } from '@postern/contracts';
import { ALL_CHECKS } from '../checks/all-checks.js';
import type { Check, Finding } from '../checks/check.js';
import type { ScannedMail } from '../normalise/scanned-mail.js';

/** What the checks say about one mail. */
export interface Verdict {
  security: Security;
  /** The score reached {@link FLAGGED_FROM}. */
  flagged: boolean;
  malware: boolean;
  /** There was no judgement: the checks failed again and again. */
  failed?: true;
}

/** Share of the whole score that a sure finding of its kind brings. */
const WEIGHT = { suspicious: 0.6, malicious: 0.95 } as const;

/**
 * From this score on a mail counts as flagged: one suspicious finding that is right every second time (60 × 0.5). Less
 * is told and not acted upon; several small oddities can reach it together.
 */
export const FLAGGED_FROM = 30;

/** The contract's list stays readable; the strongest findings come first. */
const DETECTIONS_MAX = 50;

/**
 * Judges a mail by every check of its direction.
 * @throws what a check throws: a mail that cannot be judged must not pass.
 */
export function judge(mail: ScannedMail, checks: readonly Check[] = ALL_CHECKS): Verdict {
  const findings = checks
    .filter((check) => check.direction === 'both' || check.direction === mail.direction)
    .flatMap((check) => check.run(mail))
    .sort((a, b) => riskOf(b) - riskOf(a));
  const score = riskScore(findings);
  return {
    security: {
      risk_score: score,
      summary: summaryOf(findings),
      detections: findings.slice(0, DETECTIONS_MAX).map(({ method, result, detail, confidence }) => ({
        method,
        result,
        detail,
        confidence,
      })),
      triggered_policy: null,
    },
    flagged: score >= FLAGGED_FROM,
    malware: findings.some((finding) => finding.method === 'malware'),
  };
}

const riskOf = (finding: Finding): number => WEIGHT[finding.result] * finding.confidence;

/**
 * Takes findings as independent reasons for doubt: 100 × (1 − ∏(1 − weight × confidence)). More findings never lower the
 * score, and it never leaves 0 to 100.
 */
export function riskScore(findings: readonly Finding[]): number {
  const harmless = findings.reduce((share, finding) => share * (1 - riskOf(finding)), 1);
  return Math.round(100 * (1 - harmless));
}

function summaryOf(findings: readonly Finding[]): string {
  const strongest = findings[0];
  if (strongest === undefined) return 'Nothing was found.';
  const more = findings.length - 1;
  return more === 0 ? strongest.detail : `${strongest.detail.replace(/\.$/, '')}, and ${more} more.`;
}
