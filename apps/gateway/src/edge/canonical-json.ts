import { createHash } from 'node:crypto';

/**
 * A JSON value in the one form of RFC 8785: no white space, members sorted by UTF-16 code units (§3.2.3), numbers and
 * strings as ECMAScript writes them (§3.2.2).
 * @param value  as JSON.parse returns it, nested no deeper than the edge lets pass.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the canonical JSON, hex: equal for bodies that say the same. */
export const hashOfBody = (body: unknown): string => createHash('sha256').update(canonicalJson(body)).digest('hex');
