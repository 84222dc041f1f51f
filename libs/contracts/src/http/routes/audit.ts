import { z } from 'zod';
import { AuditEntry, ListAuditLogQuery } from '../audit.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'Audit log';
const scope = 'audit:read';

export const ListAuditLogRoute = defineRoute({
  id: 'list_audit_log',
  method: 'GET',
  path: '/v1/audit_log',
  tag,
  scope,
  summary: 'Read the audit log, newest first',
  description: 'A key that is bound to inboxes sees the entries of those inboxes.',
  query: ListAuditLogQuery,
  status: 200,
  response: pageOf(AuditEntry),
});

export const ExportAuditLogRoute = defineRoute({
  id: 'export_audit_log',
  method: 'GET',
  path: '/v1/audit_log/export',
  tag,
  scope,
  summary: 'Download the whole audit log',
  description:
    'JSON lines, one entry each, in the order of their sequence: a file that `npm run audit:verify -- FILE` proves to be whole. The header `X-Audit-Head` names the last entry, as `SEQUENCE:HASH`.',
  // A part of a chain proves nothing.
  wholeOrganization: true,
  status: 200,
  produces: 'application/x-ndjson',
  response: z.custom<AsyncIterable<string>>(),
});
