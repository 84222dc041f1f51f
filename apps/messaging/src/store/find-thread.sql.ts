import { isId } from '@postern/contracts';
import { sql } from '@postern/platform';

/**
 * The thread of the nearest message that a mail answers, within its inbox. A reference is one of: our own Message-ID
 * (which holds the id of the message), the one that SES put on the wire instead, or one that we received.
 * Parameters are parallel arrays: number of the question, rank (nearest first), organization, mode, inbox id,
 * reference in brackets, id of our message or an empty text.
 */
export const THREAD_OF_REFERENCE = sql(
  'thread_of_reference',
  `SELECT DISTINCT ON (q.n) q.n, found.thread_id
     FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       AS q(n, rank, organization_id, mode, inbox_id, reference, message_id)
     CROSS JOIN LATERAL (
       SELECT m.thread_id FROM messages m
        WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.id = q.message_id AND m.inbox_id = q.inbox_id
       UNION ALL
       SELECT m.thread_id FROM messages m
        WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.inbox_id = q.inbox_id AND m.received_id = q.reference
       UNION ALL
       SELECT m.thread_id FROM message_states s
         JOIN messages m ON m.organization_id = s.organization_id AND m.mode = s.mode AND m.id = s.message_id
        WHERE s.organization_id = q.organization_id AND s.mode = q.mode AND s.inbox_id = q.inbox_id AND s.wire_message_id = q.reference
     ) found
    ORDER BY q.n, q.rank`,
);

/** What a Message-ID in brackets is looked up by. */
export function referenceKeys(reference: string): { reference: string; messageId: string } {
  const local = reference.slice(1, Math.max(1, reference.lastIndexOf('@')));
  return { reference, messageId: isId('msg', local) ? local : '' };
}
