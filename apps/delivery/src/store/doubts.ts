import { Injectable } from '@nestjs/common';
import type { Mode, OrganizationId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { TracedSend } from '../send/send.js';
import { GIVE_UP_MS, TRIES_MAX } from '../send/settlement.js';

/** A send that the clock moved, not an answer. */
export interface MovedSend extends TracedSend {
  state: 'pending' | 'in_doubt' | 'failed';
  recipients: string[];
}

interface Row {
  organization_id: OrganizationId;
  mode: Mode;
  message_id: string;
  state: MovedSend['state'];
  attempt: number;
  recipients: string[];
  correlation_id: string;
  causation_id: string | null;
  traceparent: string;
}

const AT_ONCE = 200;
const RETURNED = `s.organization_id, s.mode, s.message_id, s.state, s.attempt, s.correlation_id, s.causation_id,
  s.traceparent, array(SELECT r FROM unnest(s.recipients) AS r WHERE r <> ALL (s.left_out)) AS recipients`;

// In test mode nothing outside was asked, so there is nothing to doubt.
const END_LEASES = sql(
  'send_end_leases',
  `WITH over AS (
     SELECT organization_id, mode, message_id FROM sends WHERE state = 'claimed' AND lease_until < now()
      ORDER BY lease_until LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
   )
   UPDATE sends s
      SET state = CASE s.mode WHEN 'live' THEN 'in_doubt' ELSE 'pending' END,
          claim_token = CASE s.mode WHEN 'live' THEN s.claim_token END,
          in_doubt_since = CASE s.mode WHEN 'live' THEN now() END,
          attempt = s.attempt - (s.mode = 'test')::int,
          lease_until = NULL, deferred_reason = 'in_doubt', last_error = 'lease_ended', updated_at = now()
     FROM over o
    WHERE s.organization_id = o.organization_id AND s.mode = o.mode AND s.message_id = o.message_id
   RETURNING ${RETURNED}`,
);

// `alive`: SES published a Send event after the doubt began, and it reached us. Without that, silence says nothing about
// this attempt. A day later the rule decides all the same, but a second resend would be blind.
const DECIDE = sql(
  'send_decide_doubts',
  `WITH ripe AS (
     SELECT s.organization_id, s.mode, s.message_id,
            $2 AND s.in_doubt_rule = 'resend' AND s.tries + 1 < ${TRIES_MAX}
               AND (f.last_sent_at > s.in_doubt_since OR s.doubts = 0) AS resend
       FROM sends s CROSS JOIN feedback_seen f
      WHERE s.state = 'in_doubt' AND s.in_doubt_since < now() - $1 * interval '1 second'
        AND (NOT $2::boolean OR f.last_sent_at > s.in_doubt_since
             OR s.in_doubt_since < now() - ${GIVE_UP_MS} * interval '1 millisecond')
      ORDER BY s.in_doubt_since LIMIT ${AT_ONCE} FOR UPDATE OF s SKIP LOCKED
   )
   UPDATE sends s
      SET state = CASE WHEN r.resend THEN 'pending' ELSE 'failed' END,
          -- The time in doubt was not spent on trying.
          first_attempt_at = CASE WHEN r.resend THEN NULL ELSE s.first_attempt_at END,
          next_attempt_at = now(), claim_token = NULL, in_doubt_since = NULL,
          doubts = s.doubts + 1, tries = s.tries + 1, last_error = 'in_doubt',
          content = CASE WHEN r.resend THEN s.content END, updated_at = now()
     FROM ripe r
    WHERE s.organization_id = r.organization_id AND s.mode = r.mode AND s.message_id = r.message_id
   RETURNING ${RETURNED}`,
);

const COUNT = sql(
  'send_count_doubts',
  `SELECT count(*) AS open, count(*) FILTER (WHERE in_doubt_since < now() - $1 * interval '1 second') AS overdue
     FROM sends WHERE state = 'in_doubt'`,
);

const ASK = sql(
  'send_ask_for_life',
  `UPDATE feedback_seen SET asked_at = now() WHERE asked_at < now() - interval '1 minute' RETURNING 1`,
);

export interface DoubtCount {
  open: number;
  /** Older than the window: they wait for a sign of life from SES's feedback. */
  overdue: number;
}

/** Sends whose hand-over is unknown. Safe in several replicas at once. */
@Injectable()
export class DoubtStore {
  /** Callers that are gone leave their sends in doubt; in test mode, pending. */
  async endLeases(tx: Tx): Promise<MovedSend[]> {
    return (await tx.query<Row>(END_LEASES)).map(moved);
  }

  /**
   * Applies the rule to sends that were in doubt for the window, if silence proves anything by now.
   * @param feedbackExpected  false without a configuration set: no event will ever come, so the rule is `fail`.
   */
  async decide(tx: Tx, windowSeconds: number, feedbackExpected: boolean): Promise<MovedSend[]> {
    return (await tx.query<Row>(DECIDE, [windowSeconds, feedbackExpected])).map(moved);
  }

  /** @returns whether it is this caller's turn to ask for a sign of life: one of all replicas, once a minute. */
  async mayAskForLife(tx: Tx): Promise<boolean> {
    return (await tx.query(ASK)).length === 1;
  }

  async count(tx: Tx, windowSeconds: number): Promise<DoubtCount> {
    const [row] = await tx.query<DoubtCount>(COUNT, [windowSeconds]);
    return row ?? { open: 0, overdue: 0 };
  }
}

const moved = (row: Row): MovedSend => ({
  organizationId: row.organization_id,
  mode: row.mode,
  messageId: row.message_id,
  state: row.state,
  attempt: row.attempt,
  recipients: row.recipients,
  correlationId: row.correlation_id,
  causationId: row.causation_id,
  traceparent: row.traceparent,
});
