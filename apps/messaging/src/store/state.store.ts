import { Injectable } from '@nestjs/common';
import { sql, type Tx } from '@postern/platform';
import { toStateRow } from './message.mapper.js';
import type { MessageWithState } from './message.row.js';

const UPDATE = sql(
  'state_update',
  `UPDATE message_states s SET
     version = n.version, stage = n.stage, delivery_status = n.delivery_status, security_status = n.security_status,
     security = n.security, recipients = n.recipients, approval = n.approval,
     provider_message_id = n.provider_message_id, wire_message_id = n.wire_message_id, updated_at = n.updated_at
   FROM json_populate_recordset(NULL::message_states, $1::json) n
  WHERE s.organization_id = n.organization_id AND s.mode = n.mode AND s.message_id = n.message_id`,
);

const COUNT = sql(
  'inbox_count',
  `INSERT INTO inbox_counters AS c (organization_id, mode, inbox_id, day, sent, flagged, withheld, bounced, complained)
   SELECT organization_id, mode, inbox_id, (now() AT TIME ZONE 'UTC')::date, sent, flagged, withheld, bounced, complained
     FROM json_populate_recordset(NULL::inbox_counters, $1::json) ORDER BY organization_id, mode, inbox_id
   ON CONFLICT (organization_id, mode, inbox_id, day) DO UPDATE SET
     sent = c.sent + excluded.sent, flagged = c.flagged + excluded.flagged, withheld = c.withheld + excluded.withheld,
     bounced = c.bounced + excluded.bounced, complained = c.complained + excluded.complained`,
);

export type Counted = 'sent' | 'flagged' | 'withheld' | 'bounced' | 'complained';

/** One thing that happened in an inbox, for its counters. */
export interface Happening {
  message: MessageWithState;
  what: Counted;
}

@Injectable()
export class StateStore {
  async update(tx: Tx, messages: MessageWithState[]): Promise<void> {
    if (messages.length === 0) return;
    await tx.query(UPDATE, [JSON.stringify(messages.map(toStateRow))]);
  }

  /** Adds to the counters of today. */
  async count(tx: Tx, happenings: Happening[]): Promise<void> {
    if (happenings.length === 0) return;
    const rows = new Map<string, Record<Counted, number> & Record<string, unknown>>();
    for (const { message, what } of happenings) {
      const key = `${message.organization_id}/${message.mode}/${message.inbox_id}`;
      const row = rows.get(key) ?? {
        organization_id: message.organization_id,
        mode: message.mode,
        inbox_id: message.inbox_id,
        sent: 0,
        flagged: 0,
        withheld: 0,
        bounced: 0,
        complained: 0,
      };
      row[what] += 1;
      rows.set(key, row);
    }
    await tx.query(COUNT, [JSON.stringify([...rows.values()])]);
  }
}
