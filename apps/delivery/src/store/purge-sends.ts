import { Injectable } from '@nestjs/common';
import type { DeletedMessage, Purge } from '@postern/eventing';
import { sql, type Tx } from '@postern/platform';

// Sends forget their content when they end, so nothing is to be done about those. One that may be with SES by now goes its
// way: its end is told to nobody any more, but what it proves about addresses is obeyed.
const STOP = sql(
  'sends_stop_deleted',
  `INSERT INTO sends AS s (organization_id, mode, message_id, inbox_id, state, next_attempt_at, in_doubt_rule, correlation_id, traceparent)
   SELECT q.*, 'cancelled', now(), 'fail', q.message_id, ''
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS q(organization_id, mode, message_id, inbox_id)
    ORDER BY 1, 2, 3
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE 
     SET state = 'cancelled', parked = false, content = NULL, updated_at = now()
    WHERE s.state = 'expected' OR (s.state = 'pending' AND s.doubts = 0)`,
);
const FORGET = sql(
  'sends_forget_deleted',
  `DELETE FROM sends WHERE (organization_id, mode, message_id) IN (
     SELECT s.organization_id, s.mode, s.message_id
       FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)
       JOIN sends s USING (organization_id, mode, message_id)
      WHERE s.state NOT IN ('pending', 'claimed', 'in_doubt')
      ORDER BY s.organization_id, s.mode, s.message_id FOR UPDATE OF s)`,
);

/** A deleted message is not sent any more. Whom it was sent to is kept as long as its feedback may come. */
@Injectable()
export class PurgeSends implements Purge {
  async run(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    const outbound = messages.filter(({ direction }) => direction === 'outbound');
    if (outbound.length > 0) await tx.query(STOP, [...identity(outbound), outbound.map(({ inboxId }) => inboxId)]);
  }

  async forget(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    await tx.query(FORGET, identity(messages));
  }
}

const identity = (messages: readonly DeletedMessage[]): string[][] => [
  messages.map(({ organizationId }) => organizationId),
  messages.map(({ mode }) => mode),
  messages.map(({ messageId }) => messageId),
];
