import { z } from 'zod';
import { AuditId, InboxId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp, TimestampInput } from './timestamp.js';

export const AuditEventType = z.enum([
  'organization.created',
  'organization.updated',
  'api_key.created',
  'api_key.revoked',
  'inbox.created',
  'inbox.updated',
  'inbox.deleted',
  'inbox.paused',
  'inbox.resumed',
  'message.deleted',
  'message.held',
  'message.rejected',
  'message.redacted',
  'message.released',
  'thread.loop_detected',
  'approval.decided',
  'approval.edited',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'approval.cancelled',
  'policy.created',
  'policy.updated',
  'policy.deleted',
  'list_entry.created',
  'list_entry.updated',
  'list_entry.deleted',
  'suppression.added',
  'suppression.removed',
  'reputation.warned',
  'reputation.paused',
  'reputation.lifted',
  'domain.created',
  'domain.verified',
  'domain.deleted',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.secret_rotated',
  'webhook.disabled',
]);
export type AuditEventType = z.infer<typeof AuditEventType>;

/** `warning`: access or delivery was restricted, or a safeguard taken away. `critical`: the guard stopped a message. */
export const AuditSeverity = z.enum(['info', 'warning', 'critical']);
export type AuditSeverity = z.infer<typeof AuditSeverity>;

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** One entry of an organization's audit log in one mode. Entries form a chain: each names the hash of the one before. */
export const AuditEntry = z.object({
  id: AuditId,
  sequence: z.int().min(1).meta({ description: 'from 1, without gaps' }),
  event_type: AuditEventType,
  severity: AuditSeverity,
  actor: z.string().meta({ description: 'id of the key that did it, `root` for the root key, or `system`' }),
  inbox_id: InboxId.nullable(),
  data: z
    .record(z.string(), z.unknown())
    .meta({ description: '`occurred_at` and what else tells the case: ids, settings and domains, never content' }),
  created_at: Timestamp.meta({ description: 'when the entry was chained; never before that of the entry before' }),
  prev_hash: Hash.meta({ description: '`hash` of the entry before; 64 zeros in the first' }),
  hash: Hash.meta({ description: 'SHA-256, in hex, of the RFC 8785 JSON of the entry without this field' }),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const ListAuditLogQuery = z.strictObject({
  ...PageQuery,
  inbox_id: InboxId.optional(),
  event_type: AuditEventType.optional(),
  severity: AuditSeverity.optional(),
  since: TimestampInput.optional().meta({ description: 'the earliest `created_at`' }),
});
export type ListAuditLogQuery = z.infer<typeof ListAuditLogQuery>;
