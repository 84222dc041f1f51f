import type { Verdict } from '../verdict/verdict.js';

export type InboundStatus = 'clean' | 'flagged' | 'withheld';

/** What becomes of an inbound mail: malware, and what could not be read and so not be judged, is kept from readers. */
export function decideInbound(verdict: Verdict, parseError: string | null): InboundStatus {
  if (parseError !== null || verdict.malware) return 'withheld';
  return verdict.flagged ? 'flagged' : 'clean';
}
