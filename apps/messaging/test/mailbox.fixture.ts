import { type Inbox, lowestIdAt, type MessageId, type Tenant } from '@postern/contracts';
import type { Database } from '@postern/platform';

/** A message of a made-up mailbox, with everything that lists can be filtered by. */
export interface MadeMessage {
  id: MessageId;
  thread_id: string;
  at: Date;
  direction: 'inbound' | 'outbound';
  from: string;
  to: string;
  labels: string[];
  delivery_status: string;
  security_status: string;
  has_attachments: boolean;
  subject: string;
  text: string;
}

const SECOND_MS = 1000;
const ROWS_AT_ONCE = 2_000;
const RAW_SHA = 'a'.repeat(64);

/** One of n, spread evenly. */
const everyNth = (index: number, n: number, offset: number): boolean => index % n === offset % n;

/** The i-th of a mailbox: some properties are frequent, some in a hundredth, some nearly nowhere. */
function madeMessage(index: number, inbox: Inbox, at: Date, isOld: boolean): MadeMessage {
  const inbound = index % 2 === 0;
  const id = lowestIdAt('msg', at) as MessageId;
  return {
    id,
    at,
    thread_id: lowestIdAt('thr', new Date(at.getTime() - (index % 4) * SECOND_MS)),
    direction: inbound ? 'inbound' : 'outbound',
    from: inbound ? (everyNth(index, 4000, 6) ? 'rare@example.com' : `user${index % 50}@example.com`) : inbox.address,
    to: inbound ? inbox.address : everyNth(index, 4000, 9) ? 'Once@Example.net' : `customer${index % 40}@example.net`,
    labels: [...(everyNth(index, 3, 0) ? ['common'] : []), ...(everyNth(index, 4000, 11) ? ['scarce'] : [])],
    delivery_status: inbound ? 'received' : everyNth(index, 2000, 13) ? 'bounced' : 'delivered',
    security_status: everyNth(index, 2000, 15) ? 'flagged' : everyNth(index, 2000, 16) ? 'withheld' : 'clean',
    has_attachments: everyNth(index, 10, 4) || everyNth(index, 4000, 9),
    subject: `${everyNth(index, 4000, 22) ? 'Zebra crossing' : 'Order'} ${index}`,
    text: [
      'Dear customer, invoices were paid in time.',
      everyNth(index, 150, 25) ? 'A seldom thing.' : '',
      everyNth(index, 4000, 27) ? 'The xylophone plays.' : '',
      isOld ? 'In bygone days.' : '',
    ].join(' '),
  };
}

const rowOf = (tenant: Tenant, inbox: Inbox, made: MadeMessage): object => ({
  organization_id: tenant.organizationId,
  mode: tenant.mode,
  id: made.id,
  inbox_id: inbox.id,
  thread_id: made.thread_id,
  direction: made.direction,
  from_address: made.from,
  from_name: null,
  to_list: [{ address: made.to, name: null }],
  cc_list: [],
  bcc_list: [],
  reply_to_list: [],
  to_keys: [made.to.toLowerCase()],
  subject: made.subject,
  text_body: made.text,
  labels: made.labels,
  metadata: {},
  attachments: made.has_attachments
    ? [
        {
          id: `att_${made.id.slice(4)}`,
          filename: 'note.txt',
          content_type: 'text/plain',
          size: 1,
          disposition: 'attachment',
          content_id: null,
          sha256: RAW_SHA,
        },
      ]
    : [],
  reference_ids: [],
  kinds: null,
  raw_sha256: RAW_SHA,
  raw_size: 1,
  created_at: made.at,
  delivery_status: made.delivery_status,
  security_status: made.security_status,
  has_attachments: made.has_attachments,
});

/** What a statement that stores a part of a mailbox takes: its rows as JSON. */
const STORE = `
  WITH given AS (SELECT * FROM json_array_elements($1::json) AS g(row)),
  thread AS (
    INSERT INTO threads (organization_id, mode, id, inbox_id, subject, participants, message_count, created_at)
    SELECT DISTINCT ON (row ->> 'thread_id') row ->> 'organization_id', row ->> 'mode', row ->> 'thread_id', row ->> 'inbox_id',
           row ->> 'subject', '[]'::jsonb, 4, (row ->> 'created_at')::timestamptz FROM given
    ON CONFLICT DO NOTHING),
  message AS (
    INSERT INTO messages SELECT m.* FROM given, json_populate_record(NULL::messages, row) m),
  state AS (
    INSERT INTO message_states (organization_id, mode, message_id, inbox_id, version, stage, delivery_status, security_status,
                                recipients, updated_at, has_attachments)
    SELECT row ->> 'organization_id', row ->> 'mode', row ->> 'id', row ->> 'inbox_id', 1,
           CASE row ->> 'delivery_status' WHEN 'received' THEN 'received' ELSE 'over' END, row ->> 'delivery_status',
           row ->> 'security_status', '[]'::json, (row ->> 'created_at')::timestamptz, (row ->> 'has_attachments')::boolean FROM given)
  INSERT INTO search_queue SELECT row ->> 'organization_id', row ->> 'mode', row ->> 'id', row ->> 'inbox_id' FROM given`;

/** Fills an inbox with `count` messages, one a second, the last one at `until`. @returns them, oldest first. */
export async function fillMailbox(
  database: Database,
  tenant: Tenant,
  inbox: Inbox,
  { count, until }: { count: number; until: Date },
): Promise<MadeMessage[]> {
  const made = Array.from({ length: count }, (_, index) =>
    madeMessage(index, inbox, new Date(until.getTime() - (count - 1 - index) * SECOND_MS), index < count / 4),
  );
  for (let start = 0; start < count; start += ROWS_AT_ONCE) {
    const rows = made.slice(start, start + ROWS_AT_ONCE).map((one) => rowOf(tenant, inbox, one));
    await database.query(STORE, [JSON.stringify(rows)]);
    // Foreign keys are looked up by a plan that was made when the tables were empty, until these are analyzed.
    if (start === 0) await database.query('ANALYZE threads, messages');
  }
  return made;
}
