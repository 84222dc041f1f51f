import { createHash } from 'node:crypto';
import type { AuditEntry } from '@postern/contracts';
import { canonicalJson } from '../edge/canonical-json.js';

/** `prev_hash` of the first entry. */
export const NO_HASH = '0'.repeat(64);

/** The last entry of a chain, as far as the next one needs it. */
export type ChainHead = Pick<AuditEntry, 'sequence' | 'hash' | 'created_at'>;

/** An entry before it has its place. */
export type Unchained = Pick<AuditEntry, 'id' | 'event_type' | 'severity' | 'actor' | 'inbox_id' | 'data'>;

/** SHA-256, in hex, of the RFC 8785 JSON of an entry without `hash`. */
export const hashOfEntry = (entry: Readonly<Record<string, unknown>>): string => {
  const { hash: _hash, ...hashed } = entry;
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex');
};

/**
 * Gives entries their places after the head of a chain, in the order given.
 * @param head  null where there is no entry yet.
 * @param at    `created_at` of the new entries, in milliseconds, unless the head's is later: a chain never goes back.
 */
export function chain(head: ChainHead | null, entries: readonly Unchained[], at: Date): AuditEntry[] {
  let { sequence, hash } = head ?? { sequence: 0, hash: NO_HASH };
  const now = at.toISOString();
  const created_at = head !== null && head.created_at > now ? head.created_at : now;
  return entries.map((entry) => {
    sequence += 1;
    const unhashed = { ...entry, sequence, created_at, prev_hash: hash };
    hash = hashOfEntry(unhashed);
    return { ...unhashed, hash };
  });
}

/** An entry as a line of the export: canonical, so that equal entries are equal octets. */
export const lineOf = (entry: AuditEntry): string => `${canonicalJson(entry)}\n`;
