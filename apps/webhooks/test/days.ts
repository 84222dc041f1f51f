import { partitionsOf } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { type ServiceUnderTest, waitFor } from '@postern/testing';
import { LogPartitions } from '../src/store/log-partitions.js';

const DAY_MS = 24 * 3600 * 1000;
const earlier = (text: string, days: number): string =>
  text.replace(/\d{4}-?\d\d-?\d\d/g, (date) => {
    const iso = date.replace(/^(\d{4})-?(\d\d)-?(\d\d)$/, '$1-$2-$3');
    const moved = new Date(Date.parse(iso) - days * DAY_MS).toISOString().slice(0, 10);
    return date.includes('-') ? moved : moved.replaceAll('-', '');
  });

/** The log as it will be after some days on which nothing happened: all that there is becomes older, its partitions too. */
export async function daysPass({ app, database }: ServiceUnderTest, days: number): Promise<void> {
  const partitions = await partitionsOf(database, 'events');
  const move = async (tx: Tx): Promise<void> => {
    // Waits for nobody while it holds something: the service takes these tables in other orders.
    await tx.query('LOCK TABLE sequences, events, calls, log_days NOWAIT');
    for (const { name } of partitions) {
      const [{ bound } = { bound: '' }] = await tx.query<{ bound: string }>(
        'SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE oid = $1::regclass',
        [name],
      );
      await tx.query(`ALTER TABLE events DETACH PARTITION ${name}`);
      const event = "day = day - $1::int, occurred_at = occurred_at - $1 * interval '1 day'";
      await tx.query(`UPDATE ${name} SET ${event}`, [days]);
      await tx.query(`ALTER TABLE ${name} RENAME TO ${earlier(name, days)}`);
      await tx.query(`ALTER TABLE events ATTACH PARTITION ${earlier(name, days)} ${earlier(bound, days)}`);
    }
    await tx.query('UPDATE sequences SET last_day = last_day - $1::int', [days]);
    await tx.query(
      `UPDATE calls SET event_day = event_day - $1::int, created_at = created_at - $1 * interval '1 day'`,
      [days],
    );
    await moveDays(tx, days);
  };
  await waitFor(
    () =>
      database.transaction(move).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code !== 'unavailable') throw error;
          return false;
        },
      ),
    'a moment in which nobody uses the log',
  );
  await app.get(LogPartitions).ensure();
}

/** By way of days that nobody uses, because two days of a log cannot be one even for a moment. */
async function moveDays(tx: Tx, days: number): Promise<void> {
  const FAR = 100_000;
  await tx.query('UPDATE log_days SET day = day + $1::int', [FAR - days]);
  await tx.query('UPDATE log_days SET day = day - $1::int', [FAR]);
}
