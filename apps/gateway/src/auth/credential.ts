import type { IncomingHttpHeaders } from 'node:http';

// RFC 9110 §11.1: the scheme is read without case; RFC 6750 §2.1: one token of visible characters.
const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/**
 * The secret that a request carries, from `Authorization: Bearer` or `X-API-Key`.
 * @returns null when there is none, when it cannot be read, or when the two headers disagree.
 */
export function credentialOf(headers: IncomingHttpHeaders): string | null {
  const { authorization, 'x-api-key': apiKey } = headers;
  const bearer = authorization === undefined ? undefined : (BEARER.exec(authorization)?.[1] ?? null);
  const plain = apiKey === undefined ? undefined : typeof apiKey === 'string' && apiKey !== '' ? apiKey : null;
  if (bearer === undefined) return plain ?? null;
  if (plain === undefined) return bearer;
  return bearer === plain ? bearer : null;
}
