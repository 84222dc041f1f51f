import { Injectable } from '@nestjs/common';
import { sql, type Tx } from '@postern/platform';
import type { AuditNote } from '../audit/audit-note.js';

const NOTE = sql(
  'gateway_audit_note',
  `INSERT INTO audit_pending (organization_id, mode, id, event_type, severity, actor, inbox_id, data)
   SELECT organization_id, mode, id, event_type, severity, actor, inbox_id, data::json
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
     AS note (organization_id, mode, id, event_type, severity, actor, inbox_id, data)
   ON CONFLICT DO NOTHING`,
);

/** What waits for its place in the audit log. */
@Injectable()
export class AuditPendingStore {
  /**
   * Notes what happened, in the transaction that makes it true. Takes no lock that others wait for. The same id twice is
   * one entry.
   */
  async add(tx: Tx, notes: readonly AuditNote[]): Promise<void> {
    if (notes.length === 0) return;
    await tx.query(NOTE, [
      notes.map(({ organizationId }) => organizationId),
      notes.map(({ mode }) => mode),
      notes.map(({ id }) => id),
      notes.map(({ eventType }) => eventType),
      notes.map(({ severity }) => severity),
      notes.map(({ actor }) => actor),
      notes.map(({ inboxId }) => inboxId),
      notes.map(({ data }) => JSON.stringify(data)),
    ]);
  }
}
