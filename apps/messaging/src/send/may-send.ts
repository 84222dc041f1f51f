import type { PausedReason, ReputationCause } from '@postern/contracts';
import { conflict, levelInsufficient } from '@postern/platform';
import type { AdmittedInbox } from '../store/admission.store.js';
import type { Admission } from './admission.js';

const PAUSED: Record<PausedReason, string> = {
  request: 'Resume the inbox before sending from it.',
  bounces: 'Too much mail of this inbox bounced: take the bad addresses out, then resume the inbox.',
  complaints: 'Mail of this inbox led to too many complaints: end what caused them, then resume the inbox.',
};
const BRAKED: Record<ReputationCause, string> = {
  bounces: 'bounced',
  complaints: 'led to complaints',
};

/** @throws AppError `inbox_paused`, `level_insufficient`, or `invalid_state` for a domain that may not send. */
export function mayBeSentFrom({ inbox, domainMaySend }: Admission): void {
  if (inbox.security_level === 'receive_only' || inbox.security_level === 'ai_protected') throw levelInsufficient();
  if (inbox.status === 'paused') throw conflict('inbox_paused', PAUSED[inbox.paused_reason ?? 'request']);
  if (!domainMaySend) throw conflict('invalid_state', `Verify the domain ${inbox.domain} before sending from it.`);
  notBraked(inbox);
}

/** @throws AppError `inbox_paused`. */
function notBraked(inbox: AdmittedInbox): void {
  const { brake_scope: scope, brake_cause: cause } = inbox;
  if (scope === null || cause === null) return;
  const whose = scope === 'domain' ? `the domain ${inbox.domain}` : 'the organization';
  throw conflict(
    'inbox_paused',
    `Too much mail of ${whose} ${BRAKED[cause]}: ask whoever runs this platform to let it send again.`,
  );
}
