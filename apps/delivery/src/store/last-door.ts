import { Injectable } from '@nestjs/common';
import type { CommandContext } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

// A send that was in doubt before is pending again by the rule; its earlier attempt may have gone out, so it is too late.
const CANCEL = sql(
  'send_cancel',
  `INSERT INTO sends AS s (organization_id, mode, message_id, state, next_attempt_at, in_doubt_rule, correlation_id, traceparent)
   VALUES ($1, $2, $3, 'cancelled', now(), 'fail', $4, $5)
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE
      SET state = 'cancelled', parked = false, content = NULL, updated_at = now()
    WHERE s.state = 'expected' OR (s.state = 'pending' AND s.doubts = 0)
   RETURNING 1`,
);
const IS_CANCELLED = sql(
  'send_is_cancelled',
  `SELECT 1 FROM sends WHERE organization_id = $1 AND mode = $2 AND message_id = $3 AND state = 'cancelled'`,
);

// A row that is made here waits for the message to come (`expected`), and its time is kept then. Somebody who inserts the
// same row at this moment is waited for, so a move is never lost between the two.
const MOVE = sql(
  'send_move',
  `INSERT INTO sends AS s (organization_id, mode, message_id, state, next_attempt_at, in_doubt_rule, correlation_id, traceparent)
   VALUES ($1, $2, $3, 'expected', greatest($6::timestamptz, now()), 'fail', $4, $5)
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE
      SET next_attempt_at = excluded.next_attempt_at, parked = false, updated_at = now()
    WHERE s.state = 'expected' OR (s.state = 'pending' AND s.attempt = 0)
   RETURNING 1`,
);

/** Stops and moves sends before they go out. A claim and these wait for each other at the row, so one of them is first. */
@Injectable()
export class LastDoorStore {
  /** @returns `now` when this call stopped it, `before` when an earlier one did; null when it is too late. */
  async cancel(tx: Tx, context: CommandContext, messageId: string): Promise<'now' | 'before' | null> {
    const { organizationId, mode, requestId, traceparent } = context;
    const stopped = await tx.query(CANCEL, [organizationId, mode, messageId, requestId, traceparent]);
    if (stopped.length === 1) return 'now';
    const cancelled = await tx.query(IS_CANCELLED, [organizationId, mode, messageId]);
    return cancelled.length === 1 ? 'before' : null;
  }

  /** @param notBefore  null is at once. @returns whether the send has this time now. */
  async move(tx: Tx, context: CommandContext, messageId: string, notBefore: string | null): Promise<boolean> {
    const { organizationId, mode, requestId, traceparent } = context;
    const moved = await tx.query(MOVE, [organizationId, mode, messageId, requestId, traceparent, notBefore]);
    return moved.length === 1;
  }
}
