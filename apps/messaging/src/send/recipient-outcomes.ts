import { addressKey, type Envelope, type Recipient, type SendMessageBody } from '@postern/contracts';
import { recipientsBlocked } from '@postern/platform';
import type { Blocked } from '../store/admission.store.js';

/** One row per recipient. An address that is named twice, in any case, gets one copy, in its first role. */
export function recipientOutcomes(
  body: Pick<SendMessageBody, 'to' | 'cc' | 'bcc'>,
  blocked: readonly Blocked[],
  now: Date,
): Recipient[] {
  const reasons = new Map(blocked.map(({ address, reason }) => [address, reason]));
  const roles = [
    ...body.to.map(({ address }) => ({ address, role: 'to' as const })),
    ...(body.cc ?? []).map(({ address }) => ({ address, role: 'cc' as const })),
    ...(body.bcc ?? []).map(({ address }) => ({ address, role: 'bcc' as const })),
  ];
  const seen = new Set<string>();
  const unique = roles.filter(({ address }) => {
    const isNew = !seen.has(addressKey(address));
    seen.add(addressKey(address));
    return isNew;
  });
  return unique.map(({ address, role }): Recipient => {
    const reason = reasons.get(addressKey(address)) ?? null;
    return {
      address,
      role,
      status: reason === null ? 'queued' : 'skipped',
      reason,
      smtp_response: null,
      updated_at: now.toISOString(),
    };
  });
}

/**
 * Blocked recipients refuse the whole message, or are left out when the caller asked for that.
 * @throws AppError `recipients_blocked`, also when nobody would be left.
 */
export function mustReachSomebody(
  recipients: readonly Recipient[],
  blocked: readonly Blocked[],
  onBlocked: SendMessageBody['on_blocked_recipient'],
): void {
  const reasons = new Map(blocked.map(({ address, reason }) => [address, reason]));
  const refused = recipients.flatMap(({ address }) => {
    const reason = reasons.get(addressKey(address));
    return reason === undefined ? [] : [{ address, reason }];
  });
  if (refused.length > 0 && (onBlocked !== 'skip' || refused.length === recipients.length)) {
    throw recipientsBlocked(refused);
  }
}

/** Who gets a copy: everyone who is not left out. */
export const envelopeOf = (from: string, recipients: readonly Recipient[]): Envelope => ({
  from,
  recipients: recipients.filter(({ status }) => status === 'queued').map(({ address, role }) => ({ address, role })),
});
