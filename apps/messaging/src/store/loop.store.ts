import { Injectable } from '@nestjs/common';
import { type CounterpartyKind, type InboxId, lowestIdAt, type Tenant, type ThreadId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { CoolDown, Standing } from '../loop/loop-budget.js';

/** An inbox's thread, and somebody it writes to in it. */
export interface LoopPair extends Tenant {
  threadId: ThreadId;
  /** As {@link addressKey} makes it. */
  counterparty: string;
}

export const pairKey = ({ organizationId, mode, threadId, counterparty }: LoopPair): string =>
  `${organizationId} ${mode} ${threadId} ${counterparty}`;

/** Of the newest messages of a thread: whether a machine wrote last must not be looked for in a long thread. */
const LOOKED_BACK = 50;
/** Cool-downs that are forgotten when another one begins: more than begin, so that none are left over. */
const FORGOTTEN_AT_ONCE = 100;
/** Kinds of mail that a machine wrote. */
const AUTOMATIC_KINDS = `ARRAY['auto_reply', 'bounce', 'delivery_report', 'read_receipt', 'complaint', 'report']`;

// One look at each thread, however many pairs it has; OFFSET 0 and the order have it read by the index of threads, and not what
// everybody sent in the window. Of mails, the counterparty's own last one counts; if it never wrote in the thread, the last of all.
const STANDINGS = sql(
  'loop_standings',
  `WITH pair AS (
     SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
       AS q(n, organization_id, mode, thread_id, counterparty)
   ), thread AS (
     SELECT DISTINCT organization_id, mode, thread_id FROM pair
   ), sent AS MATERIALIZED (
     SELECT t.organization_id, t.mode, t.thread_id, k.counterparty, count(*)::int AS used
       FROM thread t CROSS JOIN LATERAL (
         SELECT m.to_keys FROM messages m
          WHERE m.organization_id = t.organization_id AND m.mode = t.mode AND m.thread_id = t.thread_id
            AND m.id >= $6 AND m.direction = 'outbound' OFFSET 0) o
      CROSS JOIN LATERAL unnest(o.to_keys) AS k(counterparty) GROUP BY 1, 2, 3, 4
   ), mail AS MATERIALIZED (
     SELECT l.* FROM thread t CROSS JOIN LATERAL (
       SELECT m.organization_id, m.mode, m.thread_id, m.id, m.direction, lower(m.from_address) AS sender,
              m.kinds && ${AUTOMATIC_KINDS} AS automatic
         FROM messages m
        WHERE m.organization_id = t.organization_id AND m.mode = t.mode AND m.thread_id = t.thread_id
        ORDER BY m.thread_id DESC, m.id DESC LIMIT ${LOOKED_BACK}) l
      WHERE l.direction = 'inbound'
   )
   SELECT q.n, coalesce(s.used, 0) AS used,
          coalesce((SELECT l.automatic FROM mail l
                     WHERE l.organization_id = q.organization_id AND l.mode = q.mode AND l.thread_id = q.thread_id
                     ORDER BY l.sender = q.counterparty DESC, l.id DESC LIMIT 1), false) AS automatic,
          c.until, c.automatic AS "beganAutomatic"
     FROM pair q
     LEFT JOIN sent s USING (organization_id, mode, thread_id, counterparty)
     LEFT JOIN loop_cool_downs c USING (organization_id, mode, thread_id, counterparty)`,
);
const FORGET = sql(
  'loop_forget',
  `DELETE FROM loop_cool_downs c USING (
     SELECT organization_id, mode, thread_id, counterparty FROM loop_cool_downs
      WHERE until <= now() ORDER BY until LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED) o
    WHERE c.organization_id = o.organization_id AND c.mode = o.mode AND c.thread_id = o.thread_id
      AND c.counterparty = o.counterparty`,
);
const BEGIN = sql(
  'loop_begin',
  `WITH begun AS (
     INSERT INTO loop_cool_downs (organization_id, mode, thread_id, counterparty, inbox_id, until, automatic)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bool[])
     ON CONFLICT (organization_id, mode, thread_id, counterparty)
       DO UPDATE SET until = excluded.until, automatic = excluded.automatic
     RETURNING organization_id, mode, thread_id, counterparty, inbox_id)
   SELECT b.organization_id AS "organizationId", b.mode, b.thread_id AS "threadId", b.counterparty,
          CASE WHEN i.id IS NULL THEN 'other' WHEN i.id = b.inbox_id THEN 'self' ELSE 'sibling' END AS kind
     FROM begun b
     LEFT JOIN inboxes i ON i.organization_id = b.organization_id AND i.mode = b.mode AND i.address = b.counterparty
      AND i.deleted_at IS NULL`,
);

const identity = (pairs: readonly LoopPair[]): string[][] => [
  pairs.map(({ organizationId }) => organizationId),
  pairs.map(({ mode }) => mode),
  pairs.map(({ threadId }) => threadId),
  pairs.map(({ counterparty }) => counterparty),
];

/** What threads tell of loops, and the cool-downs of those that had one. */
@Injectable()
export class LoopStore {
  /** @param since  the beginning of the window. @returns how each pair stands, in their order. */
  async standings(tx: Pick<Tx, 'query'>, pairs: readonly LoopPair[], since: Date): Promise<Standing[]> {
    const rows = await tx.query<{
      n: number;
      used: number;
      automatic: boolean;
      until: Date | null;
      beganAutomatic: boolean | null;
    }>(STANDINGS, [pairs.map((_, n) => n), ...identity(pairs), lowestIdAt('msg', since)]);
    return rows
      .toSorted((one, other) => one.n - other.n)
      .map(({ used, automatic, until, beganAutomatic }) => ({
        used,
        automatic,
        coolDown: until === null ? null : { until, automatic: beganAutomatic === true },
      }));
  }

  /**
   * Begins cool-downs in threads that this transaction has locked, and forgets some that are over.
   * @param begun  each pair once.
   * @returns whose address the counterparty of each is, by {@link pairKey}.
   */
  async begin(
    tx: Tx,
    begun: readonly (LoopPair & CoolDown & { inboxId: InboxId })[],
  ): Promise<Map<string, CounterpartyKind>> {
    await tx.query(FORGET);
    const rows = await tx.query<LoopPair & { kind: CounterpartyKind }>(BEGIN, [
      ...identity(begun),
      begun.map(({ inboxId }) => inboxId),
      begun.map(({ until }) => until),
      begun.map(({ automatic }) => automatic),
    ]);
    return new Map(rows.map((row) => [pairKey(row), row.kind]));
  }
}
