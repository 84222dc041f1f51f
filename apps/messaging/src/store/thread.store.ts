import { Injectable } from '@nestjs/common';
import {
  type Address,
  addressKey,
  type InboxId,
  type MessageId,
  type Tenant,
  type Thread,
  type ThreadId,
} from '@postern/contracts';
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
  participants: peopleOf(row.participants),
  message_count: row.message_count,
  last_message_id: row.last_message_id,
  last_message_at: row.last_message_at?.toISOString() ?? null,
  labels: row.labels,
  created_at: row.created_at.toISOString(),
});

/** Each address once, with a name if it came with one in any message: mail names the same person in many ways. */
export function peopleOf(participants: readonly Address[]): Address[] {
  const people = new Map<string, Address>();
  for (const { address, name } of participants) {
    const key = addressKey(address);
    const known = people.get(key);
    if (known === undefined || known.name === null) people.set(key, { address, name });
  }
  return [...people.values()];
}

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
