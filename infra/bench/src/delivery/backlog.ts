import { newId } from '@postern/contracts';
import type { Client } from 'pg';
import type { Inbox } from '../postern/gateway.js';
import { until } from '../postern/until.js';
import type { Bench } from '../run/bench.js';

const ROWS_AT_ONCE = 5_000;
const LATER_MS = 24 * 3600 * 1000;
/** All that a new send has; the rest begins with its defaults. */
const COPIED = `mode, inbox_id, version, state, mail_from, recipients, envelope, content, content_hash, in_doubt_rule,
                correlation_id, causation_id, traceparent`;
const COPY = `
  INSERT INTO sends (organization_id, message_id, next_attempt_at, ${COPIED})
  SELECT coalesce($3, organization_id), id, clock_timestamp(), ${COPIED} FROM sends, unnest($2::text[]) AS m(id) WHERE message_id = $1`;

/** Messages that wait before the last door, put there behind the back of the service: a real one, copied. */
export class Backlog {
  private constructor(
    /** As superuser, in the schema of delivery. */
    private readonly database: Client,
    private readonly pattern: string,
  ) {}

  /** Has one message accepted and scanned that is to be sent tomorrow, and waits until delivery has it. */
  static async begin({ gateway }: Bench, database: Client, inbox: Inbox): Promise<Backlog> {
    await database.query('SET search_path = delivery');
    const sendAt = new Date(Date.now() + LATER_MS).toISOString();
    const id = await gateway.send(inbox, {
      to: 'later@example.com',
      subject: 'Bench',
      text: 'Hello.',
      send_at: sendAt,
    });
    const has = async () => {
      const { rowCount } = await database.query('SELECT 1 FROM sends WHERE message_id = $1', [id]);
      return { done: rowCount === 1, progress: 0 };
    };
    if (!(await until(has))) throw new Error('A scheduled message did not reach delivery.');
    return new Backlog(database, id);
  }

  /** @param organizationId  whose messages; those of the bench's own organization without it. @returns their ids. */
  async add(count: number, organizationId: string | null = null): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId('msg'));
    for (let start = 0; start < count; start += ROWS_AT_ONCE) {
      await this.database.query(COPY, [this.pattern, ids.slice(start, start + ROWS_AT_ONCE), organizationId]);
    }
    // A single one changes no statistics.
    if (count > 1) await this.database.query('ANALYZE sends');
    return ids;
  }

  /** Milliseconds from the moment at which a message was due until its claim, for those that were claimed. */
  async waits(ids: readonly string[]): Promise<number[]> {
    const { rows } = await this.database.query<{ ms: number }>(
      `SELECT extract(epoch FROM first_attempt_at - next_attempt_at)::float8 * 1000 AS ms FROM sends
        WHERE message_id = ANY ($1) AND first_attempt_at IS NOT NULL`,
      [ids],
    );
    return rows.map(({ ms }) => ms);
  }

  /** How many of them are in each state other than sent; empty when all are sent. */
  async unsent(ids: readonly string[]): Promise<string> {
    const { rows } = await this.database.query<{ state: string }>(
      `SELECT count(*) || ' ' || state || coalesce(' (' || last_error || ')', '') AS state FROM sends
        WHERE message_id = ANY ($1) AND state <> 'sent' GROUP BY sends.state, last_error`,
      [ids],
    );
    return rows.map(({ state }) => state).join(', ');
  }
}
