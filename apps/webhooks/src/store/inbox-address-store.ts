import { Injectable } from '@nestjs/common';
import { sql, type Tx } from '@postern/platform';
import type { LogEntry } from '../log/public-events.js';

const KNOW = sql(
  'inbox_addresses_know',
  `INSERT INTO inbox_addresses (organization_id, mode, inbox_id, address)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
   ON CONFLICT DO NOTHING`,
);

const FORGET = sql(
  'inbox_addresses_forget',
  `DELETE FROM inbox_addresses a USING unnest($1::text[], $2::text[], $3::text[]) AS gone(organization_id, mode, inbox_id)
    WHERE a.organization_id = gone.organization_id AND a.mode = gone.mode AND a.inbox_id = gone.inbox_id`,
);

const keysOf = (entries: readonly LogEntry[]): (string | null)[][] => [
  entries.map(({ organizationId }) => organizationId),
  entries.map(({ mode }) => mode),
  entries.map(({ inboxId }) => inboxId),
];

/** The addresses of inboxes, for calls that name them so. */
@Injectable()
export class InboxAddressStore {
  /** Learns from what the log has just got. The numbers of the entries' tenants are locked, so nobody else does for them now. */
  async learn(tx: Tx, entries: readonly LogEntry[]): Promise<void> {
    const inboxes = entries.filter(({ type }) => type.startsWith('inbox.'));
    if (inboxes.length === 0) return;
    await tx.query(KNOW, [...keysOf(inboxes), inboxes.map(({ data }) => data['address'])]);
    const gone = inboxes.filter(({ type }) => type === 'inbox.deleted');
    if (gone.length > 0) await tx.query(FORGET, keysOf(gone));
  }
}
