import { Injectable } from '@nestjs/common';
import type { PublicEvent, Tenant, WebhookFormat } from '@postern/contracts';
import { Database, sql } from '@postern/platform';
import type { Busy } from '../call/in-flight.js';
import type { Room } from '../call/room.js';
import { eventOfCall } from './log-days.js';
import { CALL_ORDER, callOf } from './planning.js';

/** A call that belongs to this process until its lease ends. */
export interface Claim extends Tenant {
  id: string;
  webhookId: string;
  attempt: number;
  retriesLeft: number;
  /** Names this claim: the result of an older one is refused. */
  fence: number;
  url: string;
  format: WebhookFormat;
  headers: Readonly<Record<string, string>>;
  /** The active ones, newest first. */
  secrets: readonly string[];
  isEnabled: boolean;
  /** As it was when the call was claimed. */
  isFailing: boolean;
  eventId: string;
  eventType: string;
  /** Null when it is no longer kept. */
  event: PublicEvent | null;
  /** Of the inbox that the event is about; null when it is about none, or one that is gone. */
  inboxAddress: string | null;
  correlationId: string;
  traceparent: string;
}

export interface ClaimRequest {
  owner: string;
  leaseMs: number;
  /** The most calls to claim. */
  limit: number;
  room: Room;
  /** What this process has under way now. */
  busy: Busy;
}

/**
 * Processes that claim in the same moment want the same calls: the second passes over those that the first has locked, as long as
 * there are others among what it found.
 */
const PROCESSES_AT_ONCE = 4;

/**
 * Walks from endpoint to endpoint over the index of pending calls, so that thousands of calls of one are stepped over, and takes
 * from each at most what it has room for. What is found takes turns over the organizations and, within one, over its endpoints,
 * counting what each has under way: however much is due to one tenant, another's first call is among the first of the next claim.
 * Failing endpoints have turns of their own, one call each and a part of the process together, so that hanging ones cannot use it up.
 * Only what is taken is locked. The order of the walk is that of calls_due in full: any other index would lead it through calls that ended
 * long ago, and while most calls are pending the planner would not know better. Each event is looked up by itself (OFFSET keeps it so): a
 * join would weigh all partitions of the log against each call.
 */
const CLAIM = sql(
  'calls_claim',
  `WITH RECURSIVE waiting AS (
     (SELECT webhook_id FROM calls WHERE status = 'pending' ORDER BY webhook_id, due_at, id LIMIT 1)
     UNION ALL
     SELECT (SELECT c.webhook_id FROM calls c WHERE c.status = 'pending' AND c.webhook_id > w.webhook_id
              ORDER BY c.webhook_id, c.due_at, c.id LIMIT 1)
       FROM waiting w WHERE w.webhook_id IS NOT NULL
   ), due AS (
     SELECT first.organization_id, first.mode, first.id, first.due_at, h.failing_since IS NOT NULL AS failing,
            first.turn + coalesce(busy.calls, 0) AS turn
       FROM waiting w
       LEFT JOIN unnest($5::text[], $6::int[]) AS busy(webhook_id, calls) USING (webhook_id)
       CROSS JOIN LATERAL (
         SELECT organization_id, mode, id, due_at, row_number() OVER (ORDER BY due_at, id) AS turn FROM (
           SELECT c.organization_id, c.mode, c.id, c.due_at FROM calls c
            WHERE c.status = 'pending' AND c.webhook_id = w.webhook_id AND c.due_at <= now()
            ORDER BY c.due_at, c.id LIMIT greatest(0, $4 - coalesce(busy.calls, 0))) free) first
       JOIN webhooks h ON h.organization_id = first.organization_id AND h.mode = first.mode AND h.id = w.webhook_id
      WHERE w.webhook_id IS NOT NULL AND h.status <> 'deleted'
        AND (h.failing_since IS NULL OR first.turn + coalesce(busy.calls, 0) <= 1)
   ), placed AS (
     SELECT due.*, coalesce(busy.calls, 0)
            + row_number() OVER (PARTITION BY organization_id, failing ORDER BY turn, due_at, id) AS place
       FROM due LEFT JOIN unnest($7::text[], $8::bool[], $9::int[]) AS busy(organization_id, failing, calls)
            USING (organization_id, failing)
   ), ranked AS (
     SELECT *, row_number() OVER (PARTITION BY failing ORDER BY place, turn, due_at, id) AS rank
       FROM placed WHERE place <= CASE WHEN failing THEN $11::int ELSE $10::int END
   ), wanted AS (
     SELECT organization_id, mode, id, row_number() OVER (ORDER BY place, failing, turn, due_at, id) AS position
       FROM ranked WHERE NOT failing OR rank <= $12::int
      ORDER BY position LIMIT $3::int * ${PROCESSES_AT_ONCE}
   ), picked AS (
     SELECT c.organization_id, c.mode, c.id
       FROM wanted w JOIN calls c ON ${callOf('w')}
      WHERE c.due_at <= now()
      ORDER BY w.position LIMIT $3 FOR UPDATE OF c SKIP LOCKED
   ), claimed AS (
     UPDATE calls c
        SET due_at = now() + $2 * interval '1 millisecond', lease_owner = $1, fence = c.fence + 1
       FROM picked p WHERE ${callOf('p')}
     RETURNING c.*
   )
   SELECT c.organization_id AS "organizationId", c.mode, c.id, c.webhook_id AS "webhookId", c.attempt,
          c.retries_left AS "retriesLeft", c.fence, h.url, h.format, h.headers, h.status = 'enabled' AS "isEnabled",
          h.failing_since IS NOT NULL AS "isFailing",
          array(SELECT s.secret FROM endpoint_secrets s
                 WHERE s.organization_id = c.organization_id AND s.mode = c.mode AND s.webhook_id = c.webhook_id
                   AND (s.expires_at IS NULL OR s.expires_at > now()) ORDER BY s.created_at DESC) AS secrets,
          c.event_id AS "eventId", c.event_type AS "eventType", c.own_event AS "ownEvent", e.sequence, e.occurred_at AS "occurredAt", e.data,
          (SELECT a.address FROM inbox_addresses a
            WHERE a.organization_id = c.organization_id AND a.mode = c.mode AND a.inbox_id = e.inbox_id) AS "inboxAddress",
          coalesce(e.correlation_id, c.event_id) AS "correlationId", coalesce(e.traceparent, '') AS traceparent
     FROM claimed c
     JOIN webhooks h ON h.organization_id = c.organization_id AND h.mode = c.mode AND h.id = c.webhook_id
     LEFT JOIN LATERAL (SELECT * FROM events e WHERE ${eventOfCall} OFFSET 0) e ON true`,
);

type ClaimRow = Omit<Claim, 'event'> & { ownEvent: PublicEvent | null } & (
    { sequence: null } | { sequence: number; occurredAt: Date; data: PublicEvent['data'] }
  );

/** Hands out calls that are due. */
@Injectable()
export class ClaimStore {
  constructor(private readonly database: Database) {}

  async claim({ owner, leaseMs, limit, room, busy }: ClaimRequest): Promise<Claim[]> {
    const rows = await this.database.query<ClaimRow>(CLAIM, [
      owner,
      leaseMs,
      limit,
      room.endpoint,
      [...busy.endpoints.keys()],
      [...busy.endpoints.values()],
      busy.tenants.map(({ organizationId }) => organizationId),
      busy.tenants.map(({ isFailing }) => isFailing),
      busy.tenants.map(({ calls }) => calls),
      room.tenant,
      room.tenantFailing,
      room.failing - busy.failing,
    ]);
    return rows.map((row) => ({ ...row, event: eventOf(row) }));
  }

  /** Gives claimed calls back at once, without costing them a try. */
  async release(claims: readonly Claim[]): Promise<void> {
    await this.database.query(
      `UPDATE calls c SET due_at = now(), lease_owner = NULL
         FROM (SELECT mine.* FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS mine(organization_id, mode, id, fence)
                 JOIN calls c ON ${callOf('mine')} AND c.fence = mine.fence AND c.due_at IS NOT NULL
                ORDER BY ${CALL_ORDER} FOR NO KEY UPDATE OF c) mine
        WHERE ${callOf('mine')}`,
      [
        claims.map((claim) => claim.organizationId),
        claims.map((claim) => claim.mode),
        claims.map((claim) => claim.id),
        claims.map((claim) => claim.fence),
      ],
    );
  }
}

function eventOf(row: ClaimRow): PublicEvent | null {
  if (row.ownEvent !== null || row.sequence === null) return row.ownEvent;
  return {
    id: row.eventId as PublicEvent['id'],
    type: row.eventType,
    sequence: row.sequence,
    timestamp: row.occurredAt.toISOString(),
    organization_id: row.organizationId,
    mode: row.mode,
    data: row.data,
  };
}
