import { Injectable } from '@nestjs/common';
import { type ListBook, type ListBookRow, listBooks, type ListQuestion } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { storableJson } from './storable-json.js';

// The planner cannot know how few patterns are asked for: LATERAL with LIMIT leaves it the index of each pattern only. One
// entry of the inbox and one of its organization are the most that there can be.
const BOOKS = sql(
  'list_books',
  `WITH asked AS MATERIALIZED (
     SELECT q.n, q.organization_id, q.mode, q.inbox_id, q.patterns, d.direction
       FROM json_to_recordset($1::json) AS q(n int, organization_id text, mode text, inbox_id text, directions text[], patterns text[])
      CROSS JOIN unnest(q.directions) AS d(direction))
   SELECT q.n, e.inbox_id IS NOT NULL AS "ofInbox", e.kind, q.direction, e.pattern, e.require_aligned AS "requireAligned"
     FROM asked q CROSS JOIN unnest(q.patterns) AS p(pattern)
     CROSS JOIN LATERAL (
       SELECT e.* FROM list_entries e
        WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction
          AND e.pattern = p.pattern AND (e.inbox_id IS NULL OR e.inbox_id = q.inbox_id) LIMIT 2) e
   UNION ALL
   SELECT q.n, s.inbox_id IS NOT NULL, 'allow', q.direction, NULL, false
     FROM asked q CROSS JOIN LATERAL (VALUES (q.inbox_id), (NULL)) AS s(inbox_id)
    WHERE CASE WHEN s.inbox_id IS NULL THEN EXISTS (
            SELECT 1 FROM list_entries e
             WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction
               AND e.kind = 'allow' AND e.inbox_id IS NULL)
          ELSE EXISTS (
            SELECT 1 FROM list_entries e
             WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.direction = q.direction
               AND e.kind = 'allow' AND e.inbox_id = s.inbox_id) END`,
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
