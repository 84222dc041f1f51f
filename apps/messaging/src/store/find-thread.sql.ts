import { isId } from '@postern/contracts';
import { sql } from '@postern/platform';
import type { MessageRow } from './message.row.js';

/** A message that another one answers. */
export type Ancestor = Pick<MessageRow, 'id' | 'thread_id' | 'direction' | 'from_address' | 'reply_to_list'>;

/** The columns of an {@link Ancestor}. */
export const ANCESTOR = 'm.id, m.thread_id, m.direction, m.from_address, m.reply_to_list';

/**
 * The nearest received and the nearest sent message that a mail answers, within its inbox. A reference is one of: our own Message-ID
 * (which holds the id of the message), the one that SES put on the wire instead, or one that we received.
 * Parameters are parallel arrays: number of the question, rank (nearest first), organization, mode, inbox id,
 * reference in brackets, id of our message or an empty text.
 */
export const ANCESTORS = sql(
  'thread_ancestors',
  `SELECT DISTINCT ON (q.n, found.direction) q.n, q.rank, found.*
     FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       AS q(n, rank, organization_id, mode, inbox_id, reference, message_id)
     CROSS JOIN LATERAL (
       SELECT ${ANCESTOR} FROM messages m
        WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.id = q.message_id AND m.inbox_id = q.inbox_id
       UNION ALL
       SELECT ${ANCESTOR} FROM messages m
        WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.inbox_id = q.inbox_id AND m.received_id = q.reference
       UNION ALL
       SELECT ${ANCESTOR} FROM message_states s
         JOIN messages m ON m.organization_id = s.organization_id AND m.mode = s.mode AND m.id = s.message_id
        WHERE s.organization_id = q.organization_id AND s.mode = q.mode AND s.inbox_id = q.inbox_id AND s.wire_message_id = q.reference
     ) found
    ORDER BY q.n, found.direction, q.rank`,
);

/** What a Message-ID in brackets is looked up by. */
export function referenceKeys(reference: string): { reference: string; messageId: string } {
  const local = reference.slice(1, Math.max(1, reference.lastIndexOf('@')));
  return { reference, messageId: isId('msg', local) ? local : '' };
}
