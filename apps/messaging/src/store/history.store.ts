import { Injectable } from '@nestjs/common';
import { type MessageId, type Mode, type OrganizationId, type Tenant, TIMELINE_ENTRIES_MAX } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** One thing that happened to a message. */
export interface HistoryRow {
  organization_id: OrganizationId;
  mode: Mode;
  message_id: MessageId;
  /** Of the message, after it. */
  version: number;
  type:
    | 'received'
    | 'released'
    | 'delivered'
    | 'delayed'
    | 'bounced'
    | 'complained'
    | 'rejected'
    | 'cancelled'
    | 'moved'
    | 'revised';
  data: Record<string, unknown>;
}

const INSERT = sql(
  'history_insert',
  `INSERT INTO message_history (organization_id, mode, message_id, version, type, data, recorded_at)
   SELECT organization_id, mode, message_id, version, type, data, clock_timestamp()
     FROM json_populate_recordset(NULL::message_history, $1::json)`,
);
const OF_MESSAGE = sql(
  'history_of_message',
  `SELECT type, data, recorded_at FROM message_history
    WHERE organization_id = $1 AND mode = $2 AND message_id = $3 ORDER BY version LIMIT ${TIMELINE_ENTRIES_MAX + 1}`,
);

/** The past of messages, as far as no other row tells it. */
@Injectable()
export class HistoryStore {
  /** The states of these messages are locked, or new. */
  async add(tx: Tx, rows: readonly HistoryRow[]): Promise<void> {
    if (rows.length > 0) await tx.query(INSERT, [JSON.stringify(rows)]);
  }

  /** Oldest first; may be one more than a timeline shows. */
  ofMessage(
    tx: Tx,
    { organizationId, mode }: Tenant,
    id: string,
  ): Promise<(Pick<HistoryRow, 'type' | 'data'> & { recorded_at: Date })[]> {
    return tx.query(OF_MESSAGE, [organizationId, mode, id]);
  }
}
