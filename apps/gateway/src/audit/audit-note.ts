import {
  type AuditEventType,
  type AuditId,
  type AuditSeverity,
  type CommandContext,
  type InboxId,
  PLATFORM_ORGANIZATION,
  type Tenant,
} from '@postern/contracts';

/** Something for the audit log that has no place in the chain yet. */
export interface AuditNote extends Tenant {
  id: AuditId;
  eventType: AuditEventType;
  severity: AuditSeverity;
  /** A key's id, `root` or `system`. */
  actor: string;
  /** Null when it concerns no inbox: keys that are bound to inboxes do not see it. */
  inboxId: InboxId | null;
  /** JSON. Ids, settings, domains and hashes; never bodies, subjects, addresses or secrets. */
  data: Readonly<Record<string, unknown>>;
}

/** The service itself did it, or nobody is known. */
export const SYSTEM = 'system';
/** Whoever holds the root key. */
export const ROOT = 'root';

/** Who did what a request asked for. */
export function actorOf({ keyId, organizationId }: Pick<CommandContext, 'keyId' | 'organizationId'>): string {
  return keyId ?? (organizationId === PLATFORM_ORGANIZATION ? ROOT : SYSTEM);
}
