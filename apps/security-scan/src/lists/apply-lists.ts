import type { ListReason, RefusedRecipient, Security } from '@postern/contracts';
import type { OutboundOutcome } from '../outbound/decide-outbound.js';

/** What becomes of a message, and what is told of why. */
export interface Ruled {
  outcome: OutboundOutcome;
  security: Security;
}

const SENDER: Readonly<Record<ListReason, string>> = {
  block_list: 'A list blocks the sender.',
  not_allowed: 'Only senders on a list are let in.',
};

/**
 * Leaves out recipients that lists refuse; a message that is left with nobody is rejected, with the reason of the first.
 * @returns also who is left out: nobody where something else rejects the message.
 */
export function withoutRefused(
  { outcome, security }: Ruled,
  recipients: number,
  refused: RefusedRecipient[],
): Ruled & { refused: RefusedRecipient[] } {
  const [first] = refused;
  if (first === undefined || outcome.kind === 'rejected') return { outcome, security, refused: [] };
  const nobodyLeft = refused.length >= recipients;
  const detail = nobodyLeft
    ? 'Lists refuse every recipient.'
    : `Lists refuse ${refused.length} of ${recipients} recipients.`;
  return {
    outcome: nobodyLeft ? { kind: 'rejected', reason: first.reason } : outcome,
    security: { ...noted(security, first.reason, detail), ...(nobodyLeft && { summary: detail }) },
    refused,
  };
}

/** Tells in a verdict that a list keeps a received mail from readers. */
export function withheldByList(security: Security, reason: ListReason): Security {
  return { ...noted(security, reason, SENDER[reason]), summary: SENDER[reason] };
}

/** Certain, and no reason for doubt about the content: the score stays. */
const noted = (security: Security, result: ListReason, detail: string): Security => ({
  ...security,
  detections: [{ method: 'list', result, detail, confidence: 1 }, ...security.detections],
});
