import { Injectable } from '@nestjs/common';
import type { MessageId, Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { MessageWithState } from './message.row.js';

/** Ids in order; a page begins behind `after`. */
export interface IdRange {
  from: string;
  through: string;
  after: string | null;
  limit: number;
}

const COLUMNS = `
  m.organization_id, m.mode, m.id, m.inbox_id, m.thread_id, m.direction, m.from_address, m.from_name, m.to_list, m.cc_list,
  m.bcc_list, m.reply_to_list, m.to_keys, m.subject, m.text_body, m.html_body, m.labels, m.metadata, m.attachments,
  m.own_message_id, m.received_id, m.in_reply_to, m.reference_ids, m.authentication, m.kinds, m.client_id, m.send_at,
  m.content_version, m.content_hash, m.custom_headers, m.raw_sha256, m.raw_size, m.requested_by, m.created_at,
  s.version, s.stage, s.delivery_status, s.security_status, s.security, s.recipients, s.approval,
  s.provider_message_id, s.wire_message_id, s.updated_at`;

const FROM = `FROM messages m JOIN message_states s
  ON s.organization_id = m.organization_id AND s.mode = m.mode AND s.message_id = m.id`;

/**
 * Octets of text that one answer carries; a single message may be larger. JSON may double them, and `text_parts` have the text
 * again: so an answer goes through the smallest broker that is taken, with 16 MiB.
 */
const PAGE_MAX_BYTES = 3 * 1024 * 1024;

@Injectable()
export class MessageReadStore {
  async find(tx: Tx, tenant: Tenant, id: string, inboxIds: readonly string[] | null): Promise<MessageWithState | null> {
    const rows = await tx.query<MessageWithState>(
      `SELECT ${COLUMNS} ${FROM} WHERE m.organization_id = $1 AND m.mode = $2 AND m.id = $3
          AND ($4::text[] IS NULL OR m.inbox_id = ANY($4))`,
      [tenant.organizationId, tenant.mode, id, inboxIds],
    );
    return rows[0] ?? null;
  }

  /**
   * The messages of a page, in the order of their ids in it. A page of large messages ends early; its first message is
   * always there. Those that are gone by now are left out.
   */
  async page(tx: Tx, tenant: Tenant, ids: readonly string[]): Promise<MessageWithState[]> {
    return tx.query<MessageWithState>(
      `WITH sized AS (
         SELECT p.id, p.place, sum(coalesce(octet_length(m.text_body), 0) + coalesce(octet_length(m.html_body), 0))
                  OVER (ORDER BY p.place) AS bytes
           FROM unnest($3::text[]) WITH ORDINALITY AS p(id, place)
           JOIN messages m ON m.organization_id = $1 AND m.mode = $2 AND m.id = p.id)
       SELECT ${COLUMNS} FROM sized JOIN messages m ON m.organization_id = $1 AND m.mode = $2 AND m.id = sized.id
         JOIN message_states s ON s.organization_id = $1 AND s.mode = $2 AND s.message_id = sized.id
        WHERE sized.bytes <= ${PAGE_MAX_BYTES} OR sized.place = (SELECT min(place) FROM sized) ORDER BY sized.place`,
      [tenant.organizationId, tenant.mode, ids],
    );
  }

  /** Ids of outbound messages in a range, both ends included, in order, deleted ones too; read from the primary keys. */
  async acceptedIds(tx: Tx, tenant: Tenant, range: IdRange): Promise<MessageId[]> {
    const rows = await tx.query<{ id: MessageId }>(
      `SELECT id FROM (
         SELECT organization_id, mode, id, direction FROM messages
         UNION ALL SELECT organization_id, mode, message_id, direction FROM tombstones) accepted
        WHERE organization_id = $1 AND mode = $2 AND id >= $3 AND id <= $4
          AND ($5::text IS NULL OR id > $5) AND direction = 'outbound' ORDER BY id LIMIT $6`,
      [tenant.organizationId, tenant.mode, range.from, range.through, range.after, range.limit],
    );
    return rows.map(({ id }) => id);
  }

  /** What the sender of a message wrote, where it is shown otherwise; null where it is not. */
  async originals(tx: Tx, tenant: Tenant, id: string): Promise<{ text: string | null; html: string | null }> {
    const rows = await tx.query<{ text: string | null; html: string | null }>(
      `SELECT original_text AS text, original_html AS html FROM messages
        WHERE organization_id = $1 AND mode = $2 AND id = $3`,
      [tenant.organizationId, tenant.mode, id],
    );
    return rows[0] ?? { text: null, html: null };
  }

  /** The MIME of a message that is small enough to lie in its row, else null. */
  async rawInline(tx: Tx, tenant: Tenant, id: string): Promise<Buffer | null> {
    const rows = await tx.query<{ raw_inline: Buffer | null }>(
      `SELECT raw_inline FROM messages WHERE organization_id = $1 AND mode = $2 AND id = $3`,
      [tenant.organizationId, tenant.mode, id],
    );
    return rows[0]?.raw_inline ?? null;
  }

  /** Locks the states of messages until the transaction ends, in one order everywhere. */
  async lock(tx: Tx, messages: (Tenant & { messageId: string })[]): Promise<MessageWithState[]> {
    return tx.query<MessageWithState>(
      `SELECT ${COLUMNS} FROM (
         SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)) q
         JOIN message_states s USING (organization_id, mode, message_id)
         JOIN messages m ON m.organization_id = s.organization_id AND m.mode = s.mode AND m.id = s.message_id
        ORDER BY s.organization_id, s.mode, s.message_id FOR UPDATE OF s`,
      [
        messages.map(({ organizationId }) => organizationId),
        messages.map(({ mode }) => mode),
        messages.map(({ messageId }) => messageId),
      ],
    );
  }
}
