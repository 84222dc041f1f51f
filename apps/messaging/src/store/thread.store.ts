import { Injectable } from '@nestjs/common';
import type { Address, InboxId, MessageId, Tenant, Thread, ThreadId } from '@postern/contracts';
import type { Tx } from '@postern/platform';

export interface ThreadRow {
  id: ThreadId;
  inbox_id: InboxId;
  subject: string | null;
  participants: Address[];
  message_count: number;
  last_message_id: MessageId | null;
  last_message_at: Date | null;
  labels: string[];
  created_at: Date;
}

const COLUMNS = `id, inbox_id, subject, participants, message_count, last_message_id, last_message_at, labels, created_at`;

export const toThread = (row: ThreadRow): Thread => ({
  id: row.id,
  inbox_id: row.inbox_id,
  subject: row.subject,
  participants: row.participants.map(({ address, name }) => ({ address, name })),
  message_count: row.message_count,
  last_message_id: row.last_message_id,
  last_message_at: row.last_message_at?.toISOString() ?? null,
  labels: row.labels,
  created_at: row.created_at.toISOString(),
});

@Injectable()
export class ThreadStore {
  async find(tx: Tx, tenant: Tenant, id: string, inboxIds: readonly string[] | null): Promise<ThreadRow | null> {
    const rows = await tx.query<ThreadRow>(
      `SELECT ${COLUMNS} FROM threads WHERE organization_id = $1 AND mode = $2 AND id = $3
          AND ($4::text[] IS NULL OR inbox_id = ANY($4))`,
      [tenant.organizationId, tenant.mode, id, inboxIds],
    );
    return rows[0] ?? null;
  }

  /** Newest first; one more than the limit. */
  async list(tx: Tx, tenant: Tenant, inboxId: string, limit: number, before: string | null): Promise<ThreadRow[]> {
    return tx.query<ThreadRow>(
      `SELECT ${COLUMNS} FROM threads WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3
          AND ($4::text IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`,
      [tenant.organizationId, tenant.mode, inboxId, before, limit + 1],
    );
  }
}
