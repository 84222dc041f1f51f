import { Injectable } from '@nestjs/common';
import type { DeletedMessage, Purge } from '@postern/eventing';
import { sql, type Tx } from '@postern/platform';
import { CALL_ORDER, callOf } from './planning.js';

// An endpoint's answer may repeat what it was sent, and may come after the event was redacted: each run forgets what is there. The message alone shall lead to its events, see eventOfCall.
const REDACT = sql(
  'events_redact',
  `WITH redacted AS (
     UPDATE events e SET data = q.data, size_bytes = octet_length(q.data::text)
       FROM (SELECT *, json_build_object('id', message_id, 'deleted', true) AS data
               FROM unnest($1::text[], $2::text[], $3::text[]) AS m(organization_id, mode, message_id)) q
      WHERE e.message_id = q.message_id
        AND e.organization_id IS NOT DISTINCT FROM q.organization_id AND e.mode IS NOT DISTINCT FROM q.mode
     RETURNING e.organization_id, e.mode, e.id)
   UPDATE calls c SET response_body = NULL
     FROM (SELECT c.organization_id, c.mode, c.id
             FROM redacted r JOIN calls c ON c.event_id = r.id AND c.organization_id = r.organization_id AND c.mode = r.mode
            WHERE c.response_body IS NOT NULL
            ORDER BY ${CALL_ORDER} FOR NO KEY UPDATE OF c) k
    WHERE ${callOf('k')}`,
);

/**
 * Events of deleted messages keep sequence, id and type; of the message they tell its id and that it was deleted. Calls
 * that are made or made again later say no more than that either.
 */
@Injectable()
export class RedactEvents implements Purge {
  async run(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    await tx.query(REDACT, [
      messages.map(({ organizationId }) => organizationId),
      messages.map(({ mode }) => mode),
      messages.map(({ messageId }) => messageId),
    ]);
  }
}
