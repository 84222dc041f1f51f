import { Injectable } from '@nestjs/common';
import type { Tenant, Webhook } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import type { Subscriber } from '../log/fan-out.js';

const SUBSCRIBERS = sql(
  'endpoints_subscribers',
  `SELECT h.organization_id AS "organizationId", h.mode, h.id AS "webhookId", h.events, h.inbox_ids AS "inboxIds"
     FROM webhooks h JOIN unnest($1::text[], $2::text[]) AS t(organization_id, mode)
       ON h.organization_id = t.organization_id AND h.mode = t.mode
    WHERE h.status = 'enabled' ORDER BY h.id`,
);

const COLUMNS = `id, url, events, inbox_ids, headers, description, format, status, disabled_reason, created_at, updated_at`;
/** A key that is limited to inboxes sees the endpoints that are limited to those; nobody sees deleted ones. */
const FOR_KEY = `status <> 'deleted' AND ($3::text[] IS NULL OR (inbox_ids <> '{}' AND inbox_ids <@ $3))`;

interface EndpointRow extends Omit<Webhook, 'created_at' | 'updated_at' | 'secret'> {
  created_at: Date;
  updated_at: Date;
}

const viewOf = ({ created_at, updated_at, ...row }: EndpointRow): Webhook => ({
  ...row,
  secret: null,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});

/** What a tenant decides about an endpoint. */
export type EndpointSettings = Pick<Webhook, 'url' | 'events' | 'inbox_ids' | 'headers' | 'description' | 'format'>;

/** Who asks: a key may be limited to inboxes. */
export interface Asker extends Tenant {
  inboxIds: readonly string[] | null;
}

/** Endpoints. Their secrets never leave through here. */
@Injectable()
export class EndpointStore {
  /** @param most  of a tenant. */
  constructor(
    private readonly database: Database,
    readonly most: number,
  ) {}

  /** The enabled endpoints of the tenants of some events. */
  async subscribers(tx: Tx, tenants: readonly Tenant[]): Promise<Subscriber[]> {
    const distinct = [...new Map(tenants.map((one) => [`${one.organizationId}/${one.mode}`, one])).values()];
    if (distinct.length === 0) return [];
    return tx.query<Subscriber>(SUBSCRIBERS, [
      distinct.map((tenant) => tenant.organizationId),
      distinct.map((tenant) => tenant.mode),
    ]);
  }

  /** Whether a tenant may have one more. Nobody else makes one for it until the transaction ends, so that the bound holds. */
  async hasRoom(tx: Tx, { organizationId, mode }: Tenant): Promise<boolean> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`webhooks ${organizationId} ${mode}`]);
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*) AS count FROM webhooks WHERE organization_id = $1 AND mode = $2 AND status <> 'deleted'`,
      [organizationId, mode],
    );
    return (row?.count ?? 0) < this.most;
  }

  async insert(tx: Tx, tenant: Tenant, id: string, settings: EndpointSettings): Promise<Webhook> {
    const [row] = await tx.query<EndpointRow>(
      `INSERT INTO webhooks (organization_id, mode, id, url, events, inbox_ids, headers, description, format, status)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'enabled') RETURNING ${COLUMNS}`,
      [tenant.organizationId, tenant.mode, id, ...settingValues(settings)],
    );
    return viewOf(row as EndpointRow);
  }

  /** @returns null when there is none that the asker may see. */
  async get(asker: Asker, id: string): Promise<Webhook | null> {
    return this.database.asTenant(asker, async (tx) => {
      const [row] = await tx.query<EndpointRow>(
        `SELECT ${COLUMNS} FROM webhooks WHERE organization_id = $1 AND mode = $2 AND ${FOR_KEY} AND id = $4`,
        [asker.organizationId, asker.mode, asker.inboxIds, id],
      );
      return row === undefined ? null : viewOf(row);
    });
  }

  /** Locks an endpoint that is about to be changed. @returns null when there is none that the asker may see. */
  async lock(tx: Tx, asker: Asker, id: string): Promise<Webhook | null> {
    const [row] = await tx.query<EndpointRow>(
      `SELECT ${COLUMNS} FROM webhooks WHERE organization_id = $1 AND mode = $2 AND ${FOR_KEY} AND id = $4
          FOR NO KEY UPDATE`,
      [asker.organizationId, asker.mode, asker.inboxIds, id],
    );
    return row === undefined ? null : viewOf(row);
  }

  /** Newest first. @param before  an id; null begins with the newest. */
  async page(asker: Asker, before: string | null, count: number): Promise<Webhook[]> {
    return this.database.asTenant(asker, async (tx) => {
      const rows = await tx.query<EndpointRow>(
        `SELECT ${COLUMNS} FROM webhooks
          WHERE organization_id = $1 AND mode = $2 AND ${FOR_KEY} AND ($4::text IS NULL OR id < $4)
          ORDER BY id DESC LIMIT $5`,
        [asker.organizationId, asker.mode, asker.inboxIds, before, count],
      );
      return rows.map(viewOf);
    });
  }

  /** Enabling forgets that the endpoint was failing. @param disabledReason  null enables. */
  async update(
    tx: Tx,
    tenant: Tenant,
    id: string,
    settings: EndpointSettings,
    disabledReason: string | null,
  ): Promise<Webhook> {
    const [row] = await tx.query<EndpointRow>(
      `UPDATE webhooks
          SET url = $4, events = $5, inbox_ids = $6, headers = $7, description = $8, format = $9, updated_at = now(),
              status = CASE WHEN $10::text IS NULL THEN 'enabled' ELSE 'disabled' END, disabled_reason = $10,
              failing_since = CASE WHEN status = 'disabled' AND $10 IS NULL THEN NULL ELSE failing_since END
        WHERE organization_id = $1 AND mode = $2 AND id = $3 RETURNING ${COLUMNS}`,
      [tenant.organizationId, tenant.mode, id, ...settingValues(settings), disabledReason],
    );
    return viewOf(row as EndpointRow);
  }

  /**
   * Out of sight for everybody from now on; the rows go later, see RemovalStore. Deleting them here would lock calls and replays after
   * their endpoint, where whoever works on them locks it after them.
   */
  async delete(tx: Tx, tenant: Tenant, id: string): Promise<void> {
    await tx.query(
      `UPDATE webhooks SET status = 'deleted', disabled_reason = NULL, headers = '{}', updated_at = now()
        WHERE organization_id = $1 AND mode = $2 AND id = $3`,
      [tenant.organizationId, tenant.mode, id],
    );
  }

  async touch(tx: Tx, tenant: Tenant, id: string): Promise<void> {
    await tx.query(`UPDATE webhooks SET updated_at = now() WHERE organization_id = $1 AND mode = $2 AND id = $3`, [
      tenant.organizationId,
      tenant.mode,
      id,
    ]);
  }
}

const settingValues = ({ url, events, inbox_ids, headers, description, format }: EndpointSettings): unknown[] => [
  url,
  events,
  inbox_ids,
  JSON.stringify(headers),
  description,
  format,
];
