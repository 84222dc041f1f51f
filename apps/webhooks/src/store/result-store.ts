import { Injectable } from '@nestjs/common';
import { EndpointDisabledV1, newId, type Tenant, type WebhookId } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { Database, sql, type Tx } from '@postern/platform';
import { isGone, isSuccess, type Outcome, type Skipped, wasMade } from '../call/outcome.js';
import { CallStore } from './call-store.js';
import type { Claim } from './claim-store.js';
import { CALL_ORDER, callOf } from './planning.js';

export interface CallResult {
  claim: Claim;
  outcome: Outcome | Skipped;
  /** When the next attempt comes if this one failed; null when there is none left. */
  retryDelayMs: number | null;
}

/**
 * Locks the endpoints whose state may change: those with a failure, and failing ones that had a success. Before the calls
 * and in one order, as everywhere, so that two processes cannot lock each other out. A healthy success locks nothing.
 */
const LOCK_ENDPOINTS = sql(
  'results_lock_endpoints',
  `SELECT h.id, h.status FROM webhooks h JOIN unnest($1::text[], $2::text[], $3::text[], $4::bool[]) AS r(organization_id, mode, id, failed)
       ON h.organization_id = r.organization_id AND h.mode = r.mode AND h.id = r.id
    WHERE r.failed OR h.failing_since IS NOT NULL
    ORDER BY h.organization_id, h.mode, h.id FOR NO KEY UPDATE OF h`,
);

/**
 * Results of claims that are still valid. The others came after their lease, and somebody else has the call. Calls in one order,
 * too, as whoever redacts them has it.
 */
const SETTLE = sql(
  'results_settle',
  `UPDATE calls c SET status = r.status, response_status = r.response_status, response_body = r.response_body,
          error = r.error, duration_ms = r.duration_ms, due_at = NULL, lease_owner = NULL,
          next_attempt_at = now() + r.retry_ms * interval '1 millisecond'
     FROM (SELECT r.*
             FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::text[], $8::text[], $9::int[], $10::int[])
               AS r(organization_id, mode, id, fence, status, response_status, response_body, error, duration_ms, retry_ms)
             JOIN calls c ON ${callOf('r')} AND c.fence = r.fence AND c.due_at IS NOT NULL
            ORDER BY ${CALL_ORDER} FOR NO KEY UPDATE OF c) r
    WHERE ${callOf('r')}
   RETURNING c.id`,
);

const RETRY = sql(
  'results_retry',
  `INSERT INTO calls (organization_id, mode, id, webhook_id, event_id, event_type, event_day, own_event, attempt, retries_left,
                      status, next_attempt_at, due_at)
   SELECT c.organization_id, c.mode, r.new_id, c.webhook_id, c.event_id, c.event_type, c.event_day, c.own_event, c.attempt + 1,
          c.retries_left - 1, 'pending', c.next_attempt_at, c.next_attempt_at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS r(organization_id, mode, id, new_id)
     JOIN calls c ON ${callOf('r')}`,
);

const HEALTH = sql(
  'results_health',
  `UPDATE webhooks h SET failing_since = CASE WHEN r.failed THEN coalesce(h.failing_since, now()) END
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[]) AS r(organization_id, mode, id, failed)
    WHERE h.organization_id = r.organization_id AND h.mode = r.mode AND h.id = r.id
      AND r.failed = (h.failing_since IS NULL)`,
);

const DISABLE = sql(
  'results_disable',
  `UPDATE webhooks h SET status = 'disabled', disabled_reason = CASE WHEN r.gone THEN 'gone' ELSE 'failing' END, updated_at = now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[]) AS r(organization_id, mode, id, gone)
    WHERE h.organization_id = r.organization_id AND h.mode = r.mode AND h.id = r.id AND h.status = 'enabled'
      AND (r.gone OR h.failing_since < now() - $5 * interval '1 millisecond')
   RETURNING h.organization_id AS "organizationId", h.mode, h.id, h.url, h.disabled_reason AS reason`,
);

interface EndpointResult extends Tenant {
  webhookId: string;
  /** No success among its results. */
  failed: boolean;
  gone: boolean;
}

type Disabled = Tenant & { id: WebhookId; url: string; reason: string };

const columns = (rows: readonly (Tenant & { webhookId: string })[]): string[][] => [
  rows.map((row) => row.organizationId),
  rows.map((row) => row.mode),
  rows.map((row) => row.webhookId),
];

/** Records what became of calls, and what that means for their endpoints. */
@Injectable()
export class ResultStore {
  constructor(
    private readonly database: Database,
    private readonly calls: CallStore,
    private readonly outbox: Outbox,
  ) {}

  /** All of them in one transaction. @param disableAfterMs  an endpoint that fails for longer is disabled. */
  async record(results: readonly CallResult[], disableAfterMs: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const endpoints = endpointResults(results);
      const locked = await tx.query<{ id: string; status: string }>(LOCK_ENDPOINTS, [
        ...columns(endpoints),
        endpoints.map(({ failed, gone }) => failed || gone),
      ]);
      const off = new Set(locked.filter(({ status }) => status !== 'enabled').map(({ id }) => id));
      for (const { webhookId, gone } of endpoints) if (gone) off.add(webhookId);
      await this.settle(tx, results, off);
      const changed = endpoints.filter(({ webhookId }) => locked.some(({ id }) => id === webhookId));
      if (changed.length > 0) await this.updateEndpoints(tx, changed, disableAfterMs);
    });
  }

  /** @param off  endpoints that get no further attempts. */
  private async settle(tx: Tx, results: readonly CallResult[], off: ReadonlySet<string>): Promise<void> {
    const settled = results.map(({ claim, outcome, retryDelayMs }) => {
      const made = wasMade(outcome) ? outcome : null;
      const succeeded = made !== null && isSuccess(made);
      const retryMs = made === null || succeeded || off.has(claim.webhookId) ? null : retryDelayMs;
      const status = succeeded ? 'succeeded' : retryMs === null ? 'exhausted' : 'failed';
      return { claim, made, error: wasMade(outcome) ? outcome.error : outcome.skipped, retryMs, status };
    });
    const accepted = await tx.query<{ id: string }>(SETTLE, [
      settled.map(({ claim }) => claim.organizationId),
      settled.map(({ claim }) => claim.mode),
      settled.map(({ claim }) => claim.id),
      settled.map(({ claim }) => claim.fence),
      settled.map(({ status }) => status),
      settled.map(({ made }) => made?.responseStatus ?? null),
      settled.map(({ made }) => made?.responseBody ?? null),
      settled.map(({ error }) => error),
      settled.map(({ made }) => made?.durationMs ?? null),
      settled.map(({ retryMs }) => retryMs),
    ]);
    const ids = new Set(accepted.map(({ id }) => id));
    const again = settled.filter(({ claim, status }) => status === 'failed' && ids.has(claim.id));
    if (again.length === 0) return;
    await tx.query(RETRY, [
      again.map(({ claim }) => claim.organizationId),
      again.map(({ claim }) => claim.mode),
      again.map(({ claim }) => claim.id),
      again.map(() => newId('dlv')),
    ]);
  }

  private async updateEndpoints(tx: Tx, endpoints: readonly EndpointResult[], disableAfterMs: number): Promise<void> {
    await tx.query(HEALTH, [...columns(endpoints), endpoints.map(({ failed }) => failed)]);
    const failing = endpoints.filter(({ failed, gone }) => failed || gone);
    if (failing.length === 0) return;
    const disabled = await tx.query<Disabled>(DISABLE, [
      ...columns(failing),
      failing.map(({ gone }) => gone),
      disableAfterMs,
    ]);
    for (const { organizationId, mode, id } of disabled) await this.calls.giveUp(tx, { organizationId, mode }, [id]);
    await this.outbox.add(
      tx,
      EndpointDisabledV1,
      disabled.map(({ organizationId, mode, id, url, reason }) => ({
        organizationId,
        mode,
        data: { webhookId: id, url, reason },
      })),
    );
  }
}

/** The results of each endpoint taken together. */
function endpointResults(results: readonly CallResult[]): EndpointResult[] {
  const endpoints = new Map<string, EndpointResult>();
  for (const { claim, outcome } of results) {
    if (!wasMade(outcome)) continue;
    const { organizationId, mode, webhookId } = claim;
    const before = endpoints.get(webhookId) ?? { organizationId, mode, webhookId, failed: true, gone: false };
    endpoints.set(webhookId, {
      ...before,
      failed: before.failed && !isSuccess(outcome),
      gone: before.gone || isGone(outcome),
    });
  }
  return [...endpoints.values()];
}
