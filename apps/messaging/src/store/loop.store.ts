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

// Whoever the counterparty is, its own last mail counts; when it never wrote in the thread, the last mail of all.
const STANDINGS = sql(
  'loop_standings',
  `SELECT q.n,
          (SELECT count(*) FROM messages m
            WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.thread_id = q.thread_id
              AND m.id >= q.since AND m.direction = 'outbound' AND q.counterparty = ANY (m.to_keys))::int AS used,
          coalesce((
            SELECT l.kinds && ${AUTOMATIC_KINDS} FROM (
              SELECT m.id, m.direction, m.from_address, m.kinds FROM messages m
               WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.thread_id = q.thread_id
               ORDER BY m.id DESC LIMIT ${LOOKED_BACK}) l
             WHERE l.direction = 'inbound'
             ORDER BY lower(l.from_address) = q.counterparty DESC, l.id DESC LIMIT 1), false) AS automatic,
          c.until, c.automatic AS "beganAutomatic"
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS q(n, organization_id, mode, thread_id, counterparty, since)
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
  /** @param pairs  each with the beginning of its window. @returns how each stands, in their order. */
  async standings(tx: Pick<Tx, 'query'>, pairs: readonly (LoopPair & { since: Date })[]): Promise<Standing[]> {
    const rows = await tx.query<{
      n: number;
      used: number;
      automatic: boolean;
      until: Date | null;
      beganAutomatic: boolean | null;
    }>(STANDINGS, [pairs.map((_, n) => n), ...identity(pairs), pairs.map(({ since }) => lowestIdAt('msg', since))]);
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
