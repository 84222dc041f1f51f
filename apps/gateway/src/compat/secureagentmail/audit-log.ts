import { type AuditEntry, AuditEventType, type AuditSeverity, ListAuditLogRoute, PageQuery } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { pageReply } from './page.js';

/** Types of entries that mean the same. What else this audit log tells has no word there, and keeps its own. */
const TYPES = { key_created: 'api_key.created', pii: 'message.redacted' } as const;
const SEVERITIES = { high: 'critical', medium: 'warning', low: 'info' } as const satisfies Record<
  string,
  AuditSeverity
>;

const ListQuery = z.strictObject({
  ...PageQuery,
  inbox_id: z.string().optional(),
  event_type: z
    .enum(['key_created', 'pii', ...AuditEventType.options], {
      error:
        'is not recorded under this name; see the security_analysis of messages, or ask for a type of /v1/audit_log',
    })
    .transform((type) => (type === 'key_created' || type === 'pii' ? TYPES[type] : type))
    .optional(),
  severity: z
    .enum(['high', 'medium', 'low'])
    .transform((severity) => SEVERITIES[severity])
    .optional(),
  since: z.string().optional(),
});

/** The other system's name for one of ours. */
const nameOf = <T extends string>(names: Readonly<Record<string, T>>, ours: T): string =>
  Object.entries(names).find(([, value]) => value === ours)?.[0] ?? ours;

const shown = ({
  id,
  inbox_id,
  event_type,
  severity,
  actor,
  data,
  created_at,
}: z.input<typeof AuditEntry>): object => ({
  id,
  inbox_id,
  event_type: nameOf<string>(TYPES, event_type),
  severity: nameOf<string>(SEVERITIES, severity),
  description: `${event_type.replaceAll(/[._]/g, ' ')}, by ${actor}`,
  metadata: { ...data, actor },
  created_at,
});

/** Its documents name two paths. */
export const auditRoutes: readonly FrontRoute[] = (['/audit_log', '/audit-logs'] as const).map((path) => ({
  method: 'GET',
  path,
  async answer({ query }, v1) {
    return pageReply('entries', await v1.ask(ListAuditLogRoute, { query: ListQuery.parse(query) }), shown);
  },
}));
