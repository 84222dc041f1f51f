import { lowestIdAt } from '@postern/contracts';
import type { Client } from 'pg';
import type { Inbox } from '../postern/gateway.js';
import { type MadeMail, madeMail } from './made-mail.js';

const ROWS_AT_ONCE = 5_000;
const SPACING_MS = 1000;

/** The rows that an accepted message has, as messaging stores them; the index is left to messaging. */
const STORE = `
  WITH owner AS (SELECT organization_id, mode, id AS inbox_id, address FROM inboxes WHERE id = $1),
  mail AS (
    SELECT * FROM owner, unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[],
                                $9::boolean[], $10::boolean[])
      AS m(id, thread_id, at, subject, text, sender, label, is_bounced, has_attachment)),
  thread AS (
    INSERT INTO threads (organization_id, mode, id, inbox_id, subject, participants, message_count, last_message_id, last_message_at, created_at)
    SELECT organization_id, mode, thread_id, inbox_id, subject, '[]', 1, id, at, at FROM mail),
  message AS (
    INSERT INTO messages (organization_id, mode, id, inbox_id, thread_id, direction, from_address, to_list, cc_list, bcc_list,
                          reply_to_list, to_keys, subject, text_body, labels, metadata, attachments, reference_ids, raw_sha256,
                          raw_size, created_at)
    SELECT organization_id, mode, id, inbox_id, thread_id, CASE WHEN is_bounced THEN 'outbound' ELSE 'inbound' END,
           sender, json_build_array(json_build_object('address', address, 'name', null)), '[]', '[]', '[]', ARRAY[address],
           subject, text, CASE WHEN label IS NULL THEN '{}' ELSE ARRAY[label] END, '{}',
           CASE WHEN has_attachment THEN json_build_array(json_build_object('id', 'att_' || substr(id, 5), 'filename', 'order.pdf',
             'content_type', 'application/pdf', 'size', 1, 'disposition', 'attachment', 'content_id', null, 'sha256', repeat('a', 64)))
             ELSE '[]' END, '{}', repeat('a', 64), 1, at FROM mail),
  state AS (
    INSERT INTO message_states (organization_id, mode, message_id, inbox_id, version, stage, delivery_status, security_status,
                                recipients, updated_at, has_attachments)
    SELECT organization_id, mode, id, inbox_id, 1, CASE WHEN is_bounced THEN 'over' ELSE 'received' END,
           CASE WHEN is_bounced THEN 'bounced' ELSE 'received' END, 'clean', '[]', at, has_attachment FROM mail)
  INSERT INTO search_queue SELECT organization_id, mode, id, inbox_id FROM mail`;

const column = <T>(mails: readonly MadeMail[], of: (mail: MadeMail) => T): T[] => mails.map(of);

/**
 * Puts messages into an inbox, one a second up to now, behind the back of the service: a million could not be sent.
 * @param database  as superuser, in the schema of messaging.
 */
export async function fillInbox(database: Client, inbox: Inbox, count: number): Promise<void> {
  const newest = Date.now() - SPACING_MS;
  for (let start = 0; start < count; start += ROWS_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(ROWS_AT_ONCE, count - start) }, (_, offset) => start + offset);
    const mails = indexes.map(madeMail);
    const times = indexes.map((index) => new Date(newest - (count - 1 - index) * SPACING_MS));
    await database.query(STORE, [
      inbox.id,
      times.map((at) => lowestIdAt('msg', at)),
      times.map((at) => lowestIdAt('thr', at)),
      times,
      column(mails, ({ subject }) => subject),
      column(mails, ({ text }) => text),
      column(mails, ({ from }) => from),
      column(mails, ({ label }) => label),
      column(mails, ({ isBounced }) => isBounced),
      column(mails, ({ hasAttachment }) => hasAttachment),
    ]);
    // Foreign keys are looked up by plans that were made when the tables were empty, until these are analyzed.
    if (start === 0) await database.query('ANALYZE threads, messages');
  }
}
