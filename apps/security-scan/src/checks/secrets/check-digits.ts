import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_CHARS = 6;

/**
 * Tells whether the last six characters of a token are the CRC-32 of those between its prefix and them, in base62, as
 * GitHub ("Behind GitHub's new authentication token formats", 2021) and npm write them.
 */
export function hasBase62Checksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1, -CHECKSUM_CHARS);
  let rest = crc32(body);
  let digits = '';
  while (rest > 0) {
    digits = (BASE62[rest % 62] ?? '') + digits;
    rest = Math.floor(rest / 62);
  }
  return token.endsWith(digits.padStart(CHECKSUM_CHARS, '0'));
}

/** Tells whether a string is a JSON Web Token: its first part must be the JSON of a header with an algorithm (RFC 7515 §4.1.1). */
export function isJwt(token: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && typeof (header as { alg?: unknown }).alg === 'string';
  } catch {
    return false;
  }
}
