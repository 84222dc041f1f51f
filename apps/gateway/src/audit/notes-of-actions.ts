import {
  type ApiKey,
  type AuditEventType,
  type AuditSeverity,
  type CommandContext,
  type KeyId,
  newId,
  type Organization,
  type OrganizationId,
  type Tenant,
} from '@postern/contracts';
import type { OrganizationChange } from '../store/organizations.store.js';
import { actorOf, type AuditNote } from './audit-note.js';

/** Who asked: a key in its own organization and mode, or the root key. */
type Asker = Pick<CommandContext, 'organizationId' | 'mode' | 'keyId'>;

interface Told {
  eventType: AuditEventType;
  severity?: AuditSeverity;
  data: Record<string, unknown>;
}

/** Now, and by who asked. */
const noteOf = (asker: Asker, { organizationId, mode }: Tenant, told: Told): AuditNote => ({
  organizationId,
  mode,
  id: newId('aud'),
  eventType: told.eventType,
  severity: told.severity ?? 'info',
  actor: actorOf(asker),
  inboxId: null,
  data: { ...told.data, occurred_at: new Date().toISOString() },
});

/** What the root key does to an organization stands in its live log. */
const liveLogOf = (organizationId: OrganizationId): Tenant => ({ organizationId, mode: 'live' });

export const organizationCreated = (asker: Asker, { id, limits }: Organization): AuditNote =>
  noteOf(asker, liveLogOf(id), { eventType: 'organization.created', data: { organization_id: id, limits } });

/** @param change  the name itself is left out: it is somebody's words. */
export const organizationUpdated = (asker: Asker, { id }: Organization, change: OrganizationChange): AuditNote =>
  noteOf(asker, liveLogOf(id), {
    eventType: 'organization.updated',
    data: {
      organization_id: id,
      changed: Object.keys(change).sort(),
      ...(change.limits !== undefined && { limits: { ...change.limits } }),
      ...(change.in_doubt !== undefined && { in_doubt: change.in_doubt }),
    },
  });

/**
 * @param log  where it stands. A test key that a live key makes stands in the live log: there its maker is known.
 * @param key  without its name, which is somebody's words.
 */
export const apiKeyCreated = (
  asker: Asker,
  log: Tenant,
  key: Pick<ApiKey, 'id' | 'mode' | 'scopes' | 'inbox_ids' | 'expires_at'>,
): AuditNote =>
  noteOf(asker, log, {
    eventType: 'api_key.created',
    data: {
      api_key_id: key.id,
      mode: key.mode,
      scopes: [...key.scopes],
      inbox_ids: key.inbox_ids,
      expires_at: key.expires_at,
    },
  });

export const apiKeyRevoked = (asker: Asker, id: KeyId): AuditNote =>
  noteOf(asker, asker, { eventType: 'api_key.revoked', severity: 'warning', data: { api_key_id: id } });
