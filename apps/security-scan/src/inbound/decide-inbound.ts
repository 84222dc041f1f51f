import type { Verdict } from '../verdict/verdict.js';

export type InboundStatus = 'clean' | 'flagged' | 'withheld';

/**
 * What becomes of an inbound mail. Malware, and what could not be read or judged, is kept from readers. What its words may want
 * is told and not kept: a wrong guess about words must not cost anybody their mail, and the status warns whoever reads it.
 */
export function decideInbound(verdict: Verdict, parseError: string | null): InboundStatus {
  if (parseError !== null || verdict.malware || verdict.failed === true) return 'withheld';
  return verdict.flagged ? 'flagged' : 'clean';
}
