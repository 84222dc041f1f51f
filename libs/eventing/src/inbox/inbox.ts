import { Injectable } from '@nestjs/common';
import { sql, type Tx } from '@postern/platform';

const CLAIM = sql(
  'inbox_claim',
  `INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING RETURNING event_id`,
);

/** Facts come at least once; the row written here, in the handler's transaction, makes their effect once. */
@Injectable()
export class Inbox {
  /** @returns those of the events that this consumer has not handled yet. */
  async claim(tx: Tx, consumer: string, eventIds: string[]): Promise<Set<string>> {
    // In one order everywhere, so that two processes with overlapping batches cannot lock each other out.
    const rows = await tx.query<{ event_id: string }>(CLAIM, [consumer, [...new Set(eventIds)].sort()]);
    return new Set(rows.map((row) => row.event_id));
  }
}
