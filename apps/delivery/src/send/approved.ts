import { addressKey } from '@postern/contracts';
import { contentHash, sha256 } from '@postern/eventing';
import type { ClaimedSend } from './send.js';

type Approved = Pick<ClaimedSend, 'content' | 'contentHash' | 'envelope' | 'mailFrom' | 'recipients'>;

/**
 * What differs between that which is about to leave the house and that which was approved; null when nothing does. The
 * octets and the sender are the same, and the recipients are all or some of those who were approved.
 */
export function deviation(send: Approved, raw: Uint8Array): 'content' | 'envelope' | null {
  if (sha256(raw) !== send.content.sha256) return 'content';
  if (contentHash(send.envelope, raw) !== send.contentHash) return 'envelope';
  if (send.mailFrom !== send.envelope.from) return 'envelope';
  const approved = new Set(send.envelope.recipients.map(({ address }) => addressKey(address)));
  return send.recipients.every((address) => approved.has(addressKey(address))) ? null : 'envelope';
}
