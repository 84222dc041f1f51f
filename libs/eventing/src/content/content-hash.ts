import { createHash } from 'node:crypto';
import type { Envelope } from '@postern/contracts';

/**
 * SHA-256 over the canonical envelope and the MIME, hex: what an approval is bound to. Messaging makes it, delivery makes it
 * again from what it is about to send.
 */
export function contentHash(envelope: Envelope, mime: Uint8Array): string {
  const canonical = JSON.stringify({
    from: envelope.from.toLowerCase(),
    recipients: envelope.recipients.map(({ address, role }) => `${role}:${address.toLowerCase()}`).sort(),
  });
  return createHash('sha256').update(canonical).update('\n').update(mime).digest('hex');
}
