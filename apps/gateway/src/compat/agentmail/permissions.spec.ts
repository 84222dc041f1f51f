import { describe, expect, it } from '@jest/globals';
import { SCOPES } from '@postern/contracts';
import type { Problem } from '../problem.js';
import { permissionsOf, scopesFor } from './permissions.js';

const refusalOf = (permissions: Record<string, boolean>): string[] => {
  try {
    scopesFor(permissions);
    return [];
  } catch (error) {
    return (error as Problem).issues.map(({ path }) => path);
  }
};

describe(scopesFor, () => {
  it('grants what is asked for as a whole', () => {
    const asked = { inbox_read: true, message_read: true, draft_read: true, webhook_read: false };
    expect(scopesFor(asked)).toEqual(['inboxes:read', 'messages:read']);
  });

  it('grants nothing that was not asked for', () => {
    expect(refusalOf({ message_update: true })).toEqual(['permissions.message_delete']);
    expect(refusalOf({ message_update: true, message_delete: false })).toEqual(['permissions.message_delete']);
  });

  it.each(['pod_read', 'provider_connect', 'label_spam_read', 'nonsense'])('does not know %s', (name) => {
    expect(refusalOf({ [name]: true })).toEqual([`permissions.${name}`]);
    expect(refusalOf({ [name]: false })).toEqual([]);
  });
});

describe(permissionsOf, () => {
  it('tells back what was granted', () => {
    const granted = Object.entries(permissionsOf(['lists:*', 'messages:send']) ?? {}).flatMap(([name, may]) =>
      may ? [name] : [],
    );
    expect(granted).toEqual([
      'message_send',
      'draft_send',
      'list_entry_read',
      'list_entry_create',
      'list_entry_delete',
    ]);
    expect(scopesFor(Object.fromEntries(granted.map((name) => [name, true])))).toEqual([
      'messages:send',
      'lists:read',
      'lists:write',
    ]);
  });

  it('is silent of a key that may do everything', () => {
    expect(permissionsOf(['*'])).toBeUndefined();
  });

  it('speaks of scopes that exist', () => {
    const all = Object.fromEntries(Object.keys(permissionsOf([]) ?? {}).map((name) => [name, true]));
    for (const scope of scopesFor(all)) expect(SCOPES).toContain(scope);
  });
});
