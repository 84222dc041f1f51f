import { Injectable } from '@nestjs/common';
import {
  addressKey,
  type BlockReason,
  type ListBook,
  type ListBookRow,
  listBooks,
  patternsOf,
  type ReputationCause,
  sendDirections,
} from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { AdmissionQuestion } from '../send/admission.js';
import { columnOf } from './inbox.store.js';
import { NO_COUNTS, type InboxRow } from './inbox.row.js';

export interface Blocked {
  address: string;
  reason: BlockReason;
}

/** An inbox, and the brake that keeps its organization or domain from sending. */
export interface AdmittedInbox extends InboxRow {
  brake_scope: 'domain' | 'organization' | null;
  brake_cause: ReputationCause | null;
}

const BRAKE = `LEFT JOIN LATERAL (
      SELECT s.scope AS brake_scope, s.cause AS brake_cause FROM sending_brakes s
       WHERE s.organization_id = i.organization_id AND s.mode = i.mode AND s.cause IS NOT NULL
         AND (s.scope = 'organization' OR s.subject = i.domain)
       ORDER BY s.scope DESC LIMIT 1) b ON true`;
// Not a prepared statement: the cached plan of `*` would break when a migration adds a column.
const INBOXES = `SELECT q.n, i.*, b.* FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
     AS q(n, organization_id, mode, by, reference)
     JOIN inboxes i ON i.organization_id = q.organization_id AND i.mode = q.mode
      AND CASE q.by WHEN 'id' THEN i.id = q.reference WHEN 'address' THEN i.address = q.reference ELSE i.slug = q.reference END
    ${BRAKE} WHERE i.deleted_at IS NULL`;
const INBOXES_BY_ID = `SELECT q.n, i.*, b.* FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS q(n, organization_id, mode, id)
     JOIN inboxes i USING (organization_id, mode, id) ${BRAKE} WHERE i.deleted_at IS NULL`;
const KEYS = sql(
  'admission_keys',
  `SELECT q.n, k.resource_id AS "resourceId", k.body_hash = q.body_hash AS "sameBody"
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS q(n, organization_id, mode, scope, key, body_hash)
     JOIN idempotency_keys k USING (organization_id, mode, scope, key)`,
);
const BLOCKED = sql(
  'admission_blocked',
  `SELECT q.n, s.address, s.reason FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])
     AS q(n, organization_id, mode, address)
     JOIN suppressed_addresses s USING (organization_id, mode, address) WHERE s.removed_at IS NULL`,
);

// As the guard asks (security-scan, list-book.store.ts), of the projection.
const LISTS = sql(
  'admission_lists',
  `WITH asked AS MATERIALIZED (
     SELECT q.n, q.organization_id, q.mode, q.inbox_id, q.patterns, d.direction
       FROM json_to_recordset($1::json) AS q(n int, organization_id text, mode text, inbox_id text, directions text[], patterns text[])
      CROSS JOIN unnest(q.directions) AS d(direction)
      CROSS JOIN LATERAL (
        SELECT FROM list_rules r
         WHERE r.organization_id = q.organization_id AND r.mode = q.mode AND r.direction = d.direction AND r.removed_at IS NULL
         ORDER BY r.pattern LIMIT 1) any_rule)
   SELECT q.n, true AS "ofInbox", r.kind, q.direction, r.pattern, false AS "requireAligned"
     FROM asked q CROSS JOIN unnest(q.patterns) AS p(pattern)
     CROSS JOIN LATERAL (
       SELECT r.* FROM list_rules r
        WHERE r.organization_id = q.organization_id AND r.mode = q.mode AND r.direction = q.direction AND r.removed_at IS NULL
          AND (r.pattern, r.inbox_id) >= (p.pattern, q.inbox_id)
        ORDER BY r.pattern, r.inbox_id LIMIT 1) r
    WHERE r.pattern = p.pattern AND r.inbox_id = q.inbox_id
   UNION ALL
   SELECT q.n, false, r.kind, q.direction, r.pattern, false
     FROM asked q CROSS JOIN unnest(q.patterns) AS p(pattern)
     CROSS JOIN LATERAL (
       SELECT r.* FROM list_rules r
        WHERE r.organization_id = q.organization_id AND r.mode = q.mode AND r.direction = q.direction AND r.removed_at IS NULL
          AND r.pattern <= p.pattern
        ORDER BY r.pattern DESC, r.inbox_id DESC NULLS FIRST LIMIT 1) r
    WHERE r.pattern = p.pattern AND r.inbox_id IS NULL
   UNION ALL
   SELECT q.n, true, 'allow', q.direction, NULL, false
     FROM asked q CROSS JOIN LATERAL (
       SELECT r.inbox_id FROM list_rules r
        WHERE r.organization_id = q.organization_id AND r.mode = q.mode AND r.direction = q.direction AND r.removed_at IS NULL
          AND r.kind = 'allow' AND r.inbox_id >= q.inbox_id
        ORDER BY r.inbox_id LIMIT 1) a
    WHERE a.inbox_id = q.inbox_id
   UNION ALL
   SELECT q.n, false, 'allow', q.direction, NULL, false
     FROM asked q CROSS JOIN LATERAL (
       SELECT r.inbox_id FROM list_rules r
        WHERE r.organization_id = q.organization_id AND r.mode = q.mode AND r.direction = q.direction AND r.removed_at IS NULL
          AND r.kind = 'allow'
        ORDER BY r.inbox_id DESC NULLS FIRST LIMIT 1) a
    WHERE a.inbox_id IS NULL`,
);

type Numbered<T> = T & { n: number };

/** The statements of {@link AdmissionDesk}: each answers all questions of a batch, by their number in it. */
@Injectable()
export class AdmissionStore {
  /** Inboxes by id are looked up through their key; slugs and addresses through their own indexes. */
  async inboxes(tx: Tx, questions: AdmissionQuestion[]): Promise<Map<number, AdmittedInbox>> {
    const byId = questions.flatMap((question, n) => (columnOf(question.inbox) === 'id' ? [n] : []));
    const byName = questions.flatMap((question, n) => (columnOf(question.inbox) === 'id' ? [] : [n]));
    const at = (numbers: number[]) => numbers.map((n) => questions[n] as AdmissionQuestion);
    const tenant = (list: AdmissionQuestion[]) => [
      list.map(({ context }) => context.organizationId),
      list.map(({ context }) => context.mode),
    ];
    const found = [
      ...(byId.length === 0
        ? []
        : await tx.query<Numbered<AdmittedInbox>>(INBOXES_BY_ID, [
            byId,
            ...tenant(at(byId)),
            at(byId).map((q) => q.inbox),
          ])),
      ...(byName.length === 0
        ? []
        : await tx.query<Numbered<AdmittedInbox>>(INBOXES, [
            byName,
            ...tenant(at(byName)),
            at(byName).map((q) => columnOf(q.inbox)),
            at(byName).map((q) => q.inbox.toLowerCase()),
          ])),
    ];
    const visible = found.filter((row) => questions[row.n]?.context.inboxIds?.includes(row.id) ?? true);
    return new Map(visible.map((row) => [row.n, { ...row, ...NO_COUNTS }]));
  }

  async keys(tx: Tx, questions: AdmissionQuestion[]): Promise<Map<number, { resourceId: string; sameBody: boolean }>> {
    const given = questions.flatMap(({ context }, n) =>
      context.idempotency === null ? [] : [{ n, context, key: context.idempotency }],
    );
    if (given.length === 0) return new Map();
    const rows = await tx.query<Numbered<{ resourceId: string; sameBody: boolean }>>(KEYS, [
      given.map(({ n }) => n),
      given.map(({ context }) => context.organizationId),
      given.map(({ context }) => context.mode),
      given.map(({ key }) => key.scope),
      given.map(({ key }) => key.key),
      given.map(({ key }) => key.bodyHash),
    ]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  async blocked(tx: Tx, questions: AdmissionQuestion[]): Promise<Map<number, Blocked[]>> {
    const asked = questions.flatMap(({ context, recipients }, n) =>
      recipients.map((address) => ({ n, context, address: addressKey(address) })),
    );
    const rows = await tx.query<Numbered<{ address: string; reason: 'bounce' | 'complaint' | 'manual' }>>(BLOCKED, [
      asked.map(({ n }) => n),
      asked.map(({ context }) => context.organizationId),
      asked.map(({ context }) => context.mode),
      asked.map(({ address }) => address),
    ]);
    const found = new Map<number, Blocked[]>();
    for (const { n, address, reason } of rows) {
      found.set(n, [...(found.get(n) ?? []), { address, reason: `suppressed_${reason}` }]);
    }
    return found;
  }

  /** What lists say about the recipients of each question whose inbox is known, by its number. */
  async lists(
    tx: Tx,
    questions: AdmissionQuestion[],
    inboxes: ReadonlyMap<number, AdmittedInbox>,
  ): Promise<Map<number, ListBook>> {
    const asked = [...inboxes].flatMap(([n, { organization_id, mode, id: inbox_id }]) => {
      const question = questions[n];
      if (question === undefined) return [];
      const patterns = [...new Set(question.recipients.flatMap(patternsOf))];
      return [{ n, organization_id, mode, inbox_id, directions: sendDirections(question.isAnswer), patterns }];
    });
    if (asked.length === 0) return new Map();
    const rows = await tx.query<ListBookRow>(LISTS, [JSON.stringify(asked)]);
    const books = listBooks(questions.length, rows);
    return new Map(asked.flatMap(({ n }) => (books[n] === undefined ? [] : [[n, books[n]]])));
  }
}
