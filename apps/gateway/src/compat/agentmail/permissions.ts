import { covers } from '@postern/contracts';
import { wrong } from './refusal.js';

/**
 * What each scope gives, in the words of AgentMail's permissions. Scopes are coarser: one is granted only when all that it
 * gives was asked for.
 */
const GIVES: Readonly<Record<string, readonly string[]>> = {
  'inboxes:read': ['inbox_read'],
  'inboxes:write': ['inbox_create', 'inbox_update', 'inbox_delete'],
  'messages:read': ['message_read', 'draft_read'],
  'messages:send': ['message_send', 'draft_send'],
  'messages:write': ['message_update', 'message_delete', 'draft_create', 'draft_update', 'draft_delete'],
  'messages:read_withheld': ['label_blocked_read'],
  'webhooks:read': ['webhook_read'],
  'webhooks:write': ['webhook_create', 'webhook_update', 'webhook_delete'],
  'domains:read': ['domain_read'],
  'domains:write': ['domain_create', 'domain_update', 'domain_delete'],
  'lists:read': ['list_entry_read'],
  'lists:write': ['list_entry_create', 'list_entry_delete'],
  'usage:read': ['metrics_read'],
  'keys:read': ['api_key_read'],
  'keys:write': ['api_key_create', 'api_key_update', 'api_key_delete'],
};
const KNOWN = new Set(Object.values(GIVES).flat());

export type Permissions = Readonly<Record<string, boolean>>;

/**
 * The scopes that give exactly what is asked for.
 * @throws Problem when none do: a key is never made to do more than was asked.
 */
export function scopesFor(permissions: Permissions): string[] {
  const asked = new Set(Object.keys(permissions).filter((name) => permissions[name] === true));
  for (const name of asked) {
    if (!KNOWN.has(name)) throw wrong(`permissions.${name}`, 'is not offered here');
  }
  return Object.entries(GIVES).flatMap(([scope, given]) => {
    const missing = given.filter((name) => !asked.has(name));
    if (missing.length > 0 && missing.length < given.length)
      throw wrong(`permissions.${missing[0]}`, `comes only together with ${given.join(', ')}`);
    return missing.length === 0 ? [scope] : [];
  });
}

/** What a key may do; undefined for everything, as documented. */
export function permissionsOf(scopes: readonly string[]): Permissions | undefined {
  if (scopes.includes('*')) return undefined;
  return Object.fromEntries(
    Object.entries(GIVES).flatMap(([scope, given]) => given.map((name) => [name, covers(scopes, scope)])),
  );
}
