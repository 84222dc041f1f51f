import { Injectable } from '@nestjs/common';
import type { PublicEvent, Tenant, WebhookDelivery } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import { eventOfCall } from './log-days.js';

const COLUMNS = `id, webhook_id, event_id, event_type, attempt, status, response_status, response_body, error, duration_ms,
  next_attempt_at, created_at`;

type DeliveryRow = Omit<WebhookDelivery, 'next_attempt_at' | 'created_at'> & {
  next_attempt_at: Date | null;
  created_at: Date;
};

const viewOf = ({ next_attempt_at, created_at, ...row }: DeliveryRow): WebhookDelivery => ({
  ...row,
  next_attempt_at: next_attempt_at?.toISOString() ?? null,
  created_at: created_at.toISOString(),
});

/** What making a call again needs to know of it. */
export interface Repeatable {
  webhookId: string;
  eventId: string;
  eventType: string;
  attempt: number;
  eventDay: string | null;
  ownEvent: PublicEvent | null;
  /** False when the event is no longer in the log. */
  hasEvent: boolean;
}

/** Reads calls as tenants see them. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  async get(tenant: Tenant, id: string): Promise<WebhookDelivery | null> {
    return this.database.asTenant(tenant, (tx) => this.read(tx, tenant, id));
  }

  /** The same within a transaction of the service's own role. */
  async read(tx: Tx, tenant: Tenant, id: string): Promise<WebhookDelivery | null> {
    const [row] = await tx.query<DeliveryRow>(
      `SELECT ${COLUMNS} FROM calls WHERE organization_id = $1 AND mode = $2 AND id = $3`,
      [tenant.organizationId, tenant.mode, id],
    );
    return row === undefined ? null : viewOf(row);
  }

  /** Newest first. @param before  an id; null begins with the newest. */
  async page(tenant: Tenant, webhookId: string, before: string | null, count: number): Promise<WebhookDelivery[]> {
    return this.database.asTenant(tenant, async (tx) => {
      const rows = await tx.query<DeliveryRow>(
        `SELECT ${COLUMNS} FROM calls
          WHERE organization_id = $1 AND mode = $2 AND webhook_id = $3 AND ($4::text IS NULL OR id < $4)
          ORDER BY id DESC LIMIT $5`,
        [tenant.organizationId, tenant.mode, webhookId, before, count],
      );
      return rows.map(viewOf);
    });
  }

  async repeatable(tenant: Tenant, id: string): Promise<Repeatable | null> {
    return this.database.asTenant(tenant, async (tx) => {
      const [row] = await tx.query<Repeatable>(
        `SELECT c.webhook_id AS "webhookId", c.event_id AS "eventId", c.event_type AS "eventType", c.attempt,
                c.event_day::text AS "eventDay", c.own_event AS "ownEvent",
                c.own_event IS NOT NULL OR EXISTS (SELECT 1 FROM events e WHERE ${eventOfCall}) AS "hasEvent"
           FROM calls c WHERE c.organization_id = $1 AND c.mode = $2 AND c.id = $3`,
        [tenant.organizationId, tenant.mode, id],
      );
      return row ?? null;
    });
  }
}
