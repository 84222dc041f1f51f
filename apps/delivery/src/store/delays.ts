import { Injectable } from '@nestjs/common';
import type { Mode, OrganizationId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { TracedSend } from '../send/send.js';

/** Organizations looked at; where more wait, forecasts are about these only. */
const ORGANIZATIONS_MAX = 200;
/** Messages of each that are counted; a forecast beyond them is one for them. */
const COUNTED_MAX = 200_000;

const DUE = `s.state = 'pending' AND NOT s.parked AND s.mode = $1`;
const BACKLOGS = sql(
  'delays_backlogs',
  `WITH RECURSIVE seen AS (
     (SELECT s.organization_id, 1 AS hops FROM sends s WHERE ${DUE} ORDER BY s.organization_id, s.next_attempt_at LIMIT 1)
     UNION ALL
     SELECT (SELECT s.organization_id FROM sends s WHERE ${DUE} AND s.organization_id > seen.organization_id
              ORDER BY s.organization_id, s.next_attempt_at LIMIT 1), hops + 1
       FROM seen WHERE seen.organization_id IS NOT NULL AND hops < ${ORGANIZATIONS_MAX}
   )
   SELECT seen.organization_id, (
            SELECT count(*) FROM (
              SELECT 1 FROM sends s WHERE ${DUE} AND s.organization_id = seen.organization_id AND s.next_attempt_at <= now()
               ORDER BY s.next_attempt_at LIMIT ${COUNTED_MAX}) AS counted) AS messages
     FROM seen
    WHERE (SELECT s.next_attempt_at FROM sends s WHERE ${DUE} AND s.organization_id = seen.organization_id
            ORDER BY s.next_attempt_at LIMIT 1) <= now() - make_interval(secs => $2)`,
);
const AT_POSITION = sql(
  'delays_at_position',
  `SELECT s.next_attempt_at FROM sends s WHERE ${DUE} AND s.organization_id = $2 AND s.next_attempt_at <= now()
    ORDER BY s.next_attempt_at OFFSET $3 LIMIT 1`,
);
const AHEAD = sql(
  'delays_ahead',
  `SELECT count(*) AS ahead FROM sends s WHERE ${DUE} AND s.organization_id = $2 AND s.next_attempt_at < $3`,
);
const UNTOLD = sql(
  'delays_untold',
  `SELECT s.message_id, s.attempt, s.next_attempt_at, cardinality(s.recipients) AS recipients, s.correlation_id, s.causation_id,
          s.traceparent
     FROM sends s
    WHERE ${DUE} AND s.organization_id = $2 AND s.next_attempt_at >= $3
      AND s.next_attempt_at <= now() - make_interval(secs => $4) AND s.deferred_reason IS DISTINCT FROM $5
    ORDER BY s.next_attempt_at LIMIT $6 FOR UPDATE SKIP LOCKED`,
);
const TOLD = sql(
  'delays_told',
  `UPDATE sends s
      SET deferred_reason = $3, updated_at = now(),
          history = s.history || jsonb_build_object('at', clock_timestamp(), 'type', 'deferred', 'data', jsonb_build_object(
            'reason', $3::text, 'code', NULL, 'next_attempt_at', d.expected_at, 'attempt', s.attempt + 1, 'attempted', false))
     FROM unnest($4::text[], $5::timestamptz[]) AS d(message_id, expected_at)
    WHERE s.organization_id = $2 AND s.mode = $1 AND s.message_id = d.message_id`,
);

/** A send that waits and whose tenant does not know why. */
export interface Untold extends TracedSend {
  nextAttemptAt: Date;
  recipients: number;
}

interface UntoldRow {
  message_id: string;
  attempt: number;
  next_attempt_at: Date;
  recipients: number;
  correlation_id: string;
  causation_id: string | null;
  traceparent: string;
}

/** What waits although it is due. */
@Injectable()
export class DelayStore {
  /** Organizations whose oldest due message has waited for some seconds, and how many are due. */
  async backlogs(
    tx: Tx,
    mode: Mode,
    waitedSeconds: number,
  ): Promise<{ organizationId: OrganizationId; messages: number }[]> {
    const rows = await tx.query<{ organization_id: OrganizationId; messages: number }>(BACKLOGS, [mode, waitedSeconds]);
    return rows.map(({ organization_id: organizationId, messages }) => ({ organizationId, messages }));
  }

  /** When the message behind `position` others was due; null when there is none. */
  async dueAt(tx: Tx, mode: Mode, organizationId: OrganizationId, position: number): Promise<Date | null> {
    const [row] = await tx.query<{ next_attempt_at: Date }>(AT_POSITION, [mode, organizationId, position]);
    return row?.next_attempt_at ?? null;
  }

  /** How many are due before a time. */
  async ahead(tx: Tx, mode: Mode, organizationId: OrganizationId, before: Date): Promise<number> {
    const [row] = await tx.query<{ ahead: number }>(AHEAD, [mode, organizationId, before]);
    return row?.ahead ?? 0;
  }

  /** Sends that have waited for some seconds and were not told this reason last, earliest first; they are locked. */
  async untold(
    tx: Tx,
    mode: Mode,
    organizationId: OrganizationId,
    { from, waitedSeconds, reason, limit }: { from: Date; waitedSeconds: number; reason: string; limit: number },
  ): Promise<Untold[]> {
    const rows = await tx.query<UntoldRow>(UNTOLD, [mode, organizationId, from, waitedSeconds, reason, limit]);
    return rows.map((row) => ({
      organizationId,
      mode,
      messageId: row.message_id,
      attempt: row.attempt,
      nextAttemptAt: row.next_attempt_at,
      recipients: row.recipients,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      traceparent: row.traceparent,
    }));
  }

  /** Notes what they are told now, in their histories too. */
  async told(
    tx: Tx,
    mode: Mode,
    organizationId: OrganizationId,
    reason: string,
    sends: readonly { messageId: string; expectedAt: Date | null }[],
  ): Promise<void> {
    await tx.query(TOLD, [
      mode,
      organizationId,
      reason,
      sends.map(({ messageId }) => messageId),
      sends.map(({ expectedAt }) => expectedAt),
    ]);
  }
}
