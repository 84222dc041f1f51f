import { Injectable } from '@nestjs/common';
import { sql, type Tx } from '@postern/platform';
import type { MessageWithState } from './message.row.js';

const SAVE = sql(
  'schedule_save',
  `UPDATE messages m SET send_at = q.send_at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS q(organization_id, mode, id, send_at)
    WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.id = q.id`,
);

/** Times of scheduled messages that were moved. */
@Injectable()
export class ScheduleStore {
  async save(tx: Tx, messages: readonly MessageWithState[]): Promise<void> {
    if (messages.length === 0) return;
    await tx.query(SAVE, [
      messages.map((message) => message.organization_id),
      messages.map(({ mode }) => mode),
      messages.map(({ id }) => id),
      messages.map((message) => message.send_at),
    ]);
  }
}
