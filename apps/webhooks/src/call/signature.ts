import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks, "Signature scheme": a key of 24 to 64 random bytes. */
const SECRET_BYTES = 32;

/** A fresh signing secret: `whsec_` and base64. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

export interface SignedParts {
  id: string;
  /** Seconds since 1970, when the request is made. */
  timestamp: number;
  body: string;
}

/**
 * The header `webhook-signature`: one `v1,<base64>` for each secret, separated by spaces.
 * Source: Standard Webhooks, HMAC-SHA256 over `id.timestamp.body`.
 */
export function signatureHeader(secrets: readonly string[], { id, timestamp, body }: SignedParts): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
