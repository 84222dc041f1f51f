import { Injectable } from '@nestjs/common';
import { type ListBook, type ListBookRow, listBooks, type ListQuestion } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { storableJson } from './storable-json.js';

// The planner cannot know how few rows there are for each question. LATERAL with LIMIT, in orders that only the right index has,
// leaves it no way to read more: one look for who has no list; for each pattern the first entry from that of the inbox on, and
// the last one up to that of its organization (null comes last); the same for the first allow entries.
const BOOKS = sql(
  'list_books',
  `WITH asked AS MATERIALIZED (
     SELECT q.n, q.organization_id, q.mode, q.inbox_id, q.patterns, d.direction
       FROM json_to_recordset($1::json) AS q(n int, organization_id text, mode text, inbox_id text, directions text[], patterns text[])
      CROSS JOIN unnest(q.directions) AS d(direction)
      CROSS JOIN LATERAL (
        SELECT FROM list_entries e
         WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = d.direction
         ORDER BY e.pattern LIMIT 1) any_entry)
   SELECT q.n, true AS "ofInbox", e.kind, q.direction, e.pattern, e.require_aligned AS "requireAligned"
     FROM asked q CROSS JOIN unnest(q.patterns) AS p(pattern)
     CROSS JOIN LATERAL (
       SELECT e.* FROM list_entries e
        WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction
          AND (e.pattern, e.inbox_id) >= (p.pattern, q.inbox_id)
        ORDER BY e.pattern, e.inbox_id LIMIT 1) e
    WHERE e.pattern = p.pattern AND e.inbox_id = q.inbox_id
   UNION ALL
   SELECT q.n, false, e.kind, q.direction, e.pattern, e.require_aligned
     FROM asked q CROSS JOIN unnest(q.patterns) AS p(pattern)
     CROSS JOIN LATERAL (
       SELECT e.* FROM list_entries e
        WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction AND e.pattern <= p.pattern
        ORDER BY e.pattern DESC, e.inbox_id DESC NULLS FIRST LIMIT 1) e
    WHERE e.pattern = p.pattern AND e.inbox_id IS NULL
   UNION ALL
   SELECT q.n, true, 'allow', q.direction, NULL, false
     FROM asked q CROSS JOIN LATERAL (
       SELECT e.inbox_id FROM list_entries e
        WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction
          AND e.kind = 'allow' AND e.inbox_id >= q.inbox_id
        ORDER BY e.inbox_id LIMIT 1) a
    WHERE a.inbox_id = q.inbox_id
   UNION ALL
   SELECT q.n, false, 'allow', q.direction, NULL, false
     FROM asked q CROSS JOIN LATERAL (
       SELECT e.inbox_id FROM list_entries e
        WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction AND e.kind = 'allow'
        ORDER BY e.inbox_id DESC NULLS FIRST LIMIT 1) a
    WHERE a.inbox_id IS NULL`,
);

/** What the lists say, for many messages in one statement. */
@Injectable()
export class ListBookStore {
  /** @returns a book for each question, in their order. */
  async books(tx: Tx, questions: readonly ListQuestion[]): Promise<ListBook[]> {
    if (questions.length === 0) return [];
    const asked = questions.map(({ organizationId, mode, inboxId, ...rest }, n) => ({
      n,
      organization_id: organizationId,
      mode,
      inbox_id: inboxId,
      ...rest,
    }));
    return listBooks(questions.length, await tx.query<ListBookRow>(BOOKS, [storableJson(asked)]));
  }
}
