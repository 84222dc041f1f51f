import type { Verdict } from '../verdict/verdict.js';
import { TRIES_MAX } from './counted-tries.js';

const DETAIL = `The checks failed ${TRIES_MAX} times and more, so nobody knows what is in it.`;

/** The verdict on a mail that cannot be judged: the worst, since nothing speaks for it. */
export const UNJUDGED: Verdict = {
  security: {
    risk_score: 100,
    summary: DETAIL,
    detections: [{ method: 'scan', result: 'error', detail: DETAIL, confidence: 1 }],
    triggered_policy: null,
  },
  flagged: true,
  malware: false,
  failed: true,
};
