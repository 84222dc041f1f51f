import { covers, type CreateApiKeyBody, type Mode } from '@postern/contracts';

/** What a key may do at most: what the key that makes it may do. */
export interface KeyLimits {
  mode: Mode;
  scopes: readonly string[];
  /** Null: every inbox. */
  inboxIds: readonly string[] | null;
  /** Null: for ever. */
  expiresAt: Date | null;
}

/**
 * Why a key cannot make another one, or null when it can: no more scopes, inboxes or life time than its own, and a test
 * key makes test keys only. A live key may make test keys, because nothing that a test key does reaches anybody.
 * @returns one sentence for the caller.
 */
export function whyWider(own: KeyLimits, wanted: CreateApiKeyBody): string | null {
  if (own.mode === 'test' && wanted.mode === 'live') return 'Use a live key to make live keys.';
  const excess = wanted.scopes.filter((scope) => !covers(own.scopes, scope));
  if (excess.length > 0) return `Ask for no more scopes than this key has; it lacks ${excess.join(', ')}.`;
  if (own.inboxIds !== null) {
    const { inboxIds } = own;
    const within = wanted.inbox_ids?.every((id) => inboxIds.includes(id)) ?? false;
    if (!within) return 'Name inbox_ids, and only those that this key is bound to.';
  }
  if (own.expiresAt !== null) {
    const within = typeof wanted.expires_at === 'string' && new Date(wanted.expires_at) <= own.expiresAt;
    if (!within) return `Set expires_at no later than this key's own end, ${own.expiresAt.toISOString()}.`;
  }
  return null;
}
