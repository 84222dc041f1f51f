import { Injectable } from '@nestjs/common';
import type { Tenant, TimelineType } from '@postern/contracts';
import { Database, sql } from '@postern/platform';

/** What the database noted of a send (migration 1795289400000). */
export interface Noted {
  /** As PostgreSQL writes times in JSON. */
  at: string;
  type: TimelineType;
  data: Record<string, unknown>;
}

const OF_MESSAGE = sql(
  'send_history',
  `SELECT s.history FROM sends s
    WHERE s.organization_id = $1 AND s.mode = $2 AND s.message_id = $3 AND NOT EXISTS (
      SELECT 1 FROM tombstones t
       WHERE t.organization_id = s.organization_id AND t.mode = s.mode AND t.message_id = s.message_id)`,
);

/** What happened to sends. */
@Injectable()
export class HistoryStore {
  constructor(private readonly database: Database) {}

  /** Oldest first; nothing of a message that delivery has not heard of, or that was deleted. */
  async ofMessage(tenant: Tenant, messageId: string): Promise<Noted[]> {
    const [send] = await this.database.asTenant(tenant, (tx) =>
      tx.query<{ history: Noted[] }>(OF_MESSAGE, [tenant.organizationId, tenant.mode, messageId]),
    );
    return send?.history ?? [];
  }
}
