import { createHash } from 'node:crypto';

const HASH_CHARS = 8;

/**
 * The form in which an address may be logged: `sha256:1a2b3c4d@example.com`. Equal addresses (without case) look equal.
 * Text without "@" is hashed as a whole.
 */
export function maskAddress(address: string): string {
  const hash = createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, HASH_CHARS);
  const at = address.lastIndexOf('@');
  return at < 0 ? `sha256:${hash}` : `sha256:${hash}@${address.slice(at + 1).toLowerCase()}`;
}

// The local part is bounded so that long text without an address costs linear time.
const ADDRESS_IN_TEXT = /[^\s<>"'(),:;[\]=@]{1,128}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;

/** Masks whatever looks like an address in free text, such as a database's error message. */
export const maskAddresses = (text: string): string => text.replace(ADDRESS_IN_TEXT, maskAddress);
