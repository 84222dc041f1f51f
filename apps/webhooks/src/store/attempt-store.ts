import { Injectable } from '@nestjs/common';
import { type Tenant, TIMELINE_ENTRIES_MAX } from '@postern/contracts';
import { Database, sql } from '@postern/platform';

/** A call as the timeline of a message shows it: without the endpoint's answer, which is its owner's. */
export interface Attempt {
  /** When it was due. */
  at: Date;
  delivery_id: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  attempt: number;
  status: string;
  response_status: number | null;
  error: string | null;
  duration_ms: number | null;
  next_attempt_at: Date | null;
}

// A retry is made when the attempt before it fails; its own time is the one that the former names.
const OF_MESSAGE = sql(
  'calls_of_message',
  `SELECT coalesce(lag(c.next_attempt_at) OVER (PARTITION BY c.event_id, c.webhook_id ORDER BY c.attempt, c.id), c.created_at) AS at,
          c.id AS delivery_id, c.webhook_id, c.event_id, c.event_type, c.attempt, c.status, c.response_status, c.error,
          c.duration_ms, c.next_attempt_at
     FROM events e JOIN calls c ON c.event_id = e.id AND c.organization_id = e.organization_id AND c.mode = e.mode
     JOIN webhooks h ON h.organization_id = c.organization_id AND h.mode = c.mode AND h.id = c.webhook_id AND h.status <> 'deleted'
    WHERE e.message_id = $3 AND e.organization_id = $1 AND e.mode = $2 AND NOT EXISTS (
      SELECT 1 FROM tombstones t WHERE t.organization_id = $1 AND t.mode = $2 AND t.message_id = $3)
    ORDER BY at, c.id LIMIT ${TIMELINE_ENTRIES_MAX + 1}`,
);

/** Reads the calls that told of a message. */
@Injectable()
export class AttemptStore {
  constructor(private readonly database: Database) {}

  /** Oldest first; may be one more than a timeline shows. */
  ofMessage(tenant: Tenant, messageId: string): Promise<Attempt[]> {
    return this.database.asTenant(tenant, (tx) =>
      tx.query<Attempt>(OF_MESSAGE, [tenant.organizationId, tenant.mode, messageId]),
    );
  }
}
