import { type Envelope, newId } from '@postern/contracts';
import { contentHash, sha256 } from '@postern/eventing';
import type { ClaimedSend } from './send.js';

/** A send that was just claimed for the first time, with its content inside. */
export function claimedSend(envelope: Envelope, raw: Buffer): ClaimedSend {
  return {
    organizationId: newId('org'),
    mode: 'live',
    messageId: newId('msg'),
    attempt: 1,
    tries: 0,
    firstAttemptAt: new Date(),
    deferredReason: null,
    claimToken: 'token',
    mailFrom: envelope.from,
    recipients: envelope.recipients.map(({ address }) => address),
    content: { sha256: sha256(raw), sizeBytes: raw.byteLength, inline: raw.toString('base64') },
    envelope,
    contentHash: contentHash(envelope, raw),
    correlationId: 'req_1',
    causationId: null,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
}
