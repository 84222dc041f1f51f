import type { DeliveryId, PublicEvent, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { ENDPOINT_DISABLED } from '../call/outcome.js';

/** A call to be made as soon as possible. */
export interface NewCall extends Tenant {
  id: DeliveryId;
  webhookId: string;
  eventId: string;
  eventType: string;
  /** The day of its recording, as YYYY-MM-DD; null when nobody knows it. */
  eventDay: string | null;
  /** 1 unless it repeats an earlier one. */
  attempt?: number;
  retriesLeft?: number;
  /** The event, when it is not in the log. */
  ownEvent?: PublicEvent;
  /** The replay that asks for it. */
  replayId?: string;
}

const ADD = sql(
  'calls_add',
  `INSERT INTO calls (organization_id, mode, id, webhook_id, event_id, event_type, attempt, retries_left, own_event,
                      replay_id, event_day, status, next_attempt_at, due_at)
   SELECT *, 'pending', now(), now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::json[],
                 $10::text[], $11::date[])`,
);

/** Writes calls. */
export class CallStore {
  /** @param retries  how often a failed call is made again, unless the call says otherwise. */
  constructor(private readonly retries: number) {}

  async add(tx: Tx, calls: readonly NewCall[]): Promise<void> {
    if (calls.length === 0) return;
    await tx.query(ADD, [
      calls.map((call) => call.organizationId),
      calls.map((call) => call.mode),
      calls.map((call) => call.id),
      calls.map((call) => call.webhookId),
      calls.map((call) => call.eventId),
      calls.map((call) => call.eventType),
      calls.map((call) => call.attempt ?? 1),
      calls.map((call) => call.retriesLeft ?? this.retries),
      calls.map((call) => (call.ownEvent === undefined ? null : JSON.stringify(call.ownEvent))),
      calls.map((call) => call.replayId ?? null),
      calls.map((call) => call.eventDay),
    ]);
  }

  /**
   * Gives up the pending calls of endpoints that were disabled, and the replays that would add to them. Calls that a process
   * has under way are left to its result, and those that somebody writes at this moment to the next claim, which makes none for a
   * disabled endpoint.
   */
  async giveUp(tx: Tx, tenant: Tenant, webhookIds: readonly string[]): Promise<void> {
    const endpoints = [tenant.organizationId, tenant.mode, webhookIds];
    await tx.query(
      `UPDATE replays SET due_at = NULL
        WHERE organization_id = $1 AND mode = $2 AND webhook_id = ANY($3::text[]) AND due_at IS NOT NULL`,
      endpoints,
    );
    await tx.query(
      `UPDATE calls SET status = 'exhausted', error = $4, due_at = NULL, next_attempt_at = NULL, lease_owner = NULL
        WHERE ctid IN (
          SELECT ctid FROM calls WHERE organization_id = $1 AND mode = $2 AND webhook_id = ANY($3::text[]) AND status = 'pending'
             AND (lease_owner IS NULL OR due_at <= now()) FOR UPDATE SKIP LOCKED)`,
      [...endpoints, ENDPOINT_DISABLED.skipped],
    );
  }
}
