import { Injectable } from '@nestjs/common';
import { addressKey, type ListMessagesQuery, type MessageId, type Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { MessageWithState } from './message.row.js';

/** Which messages a caller may see, and which of them it wants. */
export interface MessageFilter extends Tenant {
  /** Null: every inbox of the tenant. */
  inboxIds: readonly string[] | null;
  query: Partial<ListMessagesQuery> & { limit: number };
  /** The page begins after this id. */
  after: string | null;
  order: 'newest first' | 'oldest first';
}

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
  m.own_message_id, m.received_id, m.in_reply_to, m.reference_ids, m.authentication, m.client_id, m.send_at,
  m.content_hash, m.raw_sha256, m.raw_size, m.requested_by, m.created_at,
  s.version, s.stage, s.delivery_status, s.security_status, s.security, s.recipients, s.approval,
  s.provider_message_id, s.wire_message_id, s.updated_at`;

const FROM = `FROM messages m JOIN message_states s
  ON s.organization_id = m.organization_id AND s.mode = m.mode AND s.message_id = m.id`;

/** `%` and `_` of the caller are plain characters. */
const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

/** Collects conditions with their parameters. */
class Where {
  readonly params: unknown[] = [];
  private readonly conditions: string[] = [];

  /** @param condition  with `?` where the parameter goes. Skipped when the value is undefined. */
  add(condition: string, value: unknown): void {
    if (value === undefined) return;
    this.params.push(value);
    this.conditions.push(condition.replaceAll('?', `$${this.params.length}`));
  }

  toString(): string {
    return this.conditions.join(' AND ');
  }
}

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

  /** One more than the limit, so that the caller knows whether there are more. */
  async list(
    tx: Tx,
    { organizationId, mode, inboxIds, query, after, order }: MessageFilter,
  ): Promise<MessageWithState[]> {
    const where = new Where();
    where.add('m.organization_id = ?', organizationId);
    where.add('m.mode = ?', mode);
    where.add('m.inbox_id = ANY(?)', inboxIds ?? undefined);
    where.add('m.direction = ?', query.direction);
    where.add('s.delivery_status = ?', query.delivery_status);
    where.add('s.security_status = ?', query.security_status);
    where.add('m.thread_id = ?', query.thread_id);
    where.add('m.labels @> ARRAY[?]::text[]', query.label);
    where.add('lower(m.from_address) = ?', query.from === undefined ? undefined : addressKey(query.from));
    where.add('m.to_keys @> ARRAY[?]::text[]', query.to === undefined ? undefined : addressKey(query.to));
    where.add('m.subject ILIKE ?', query.subject === undefined ? undefined : likePattern(query.subject));
    where.add('m.created_at >= ?', query.since);
    where.add('m.created_at < ?', query.until);
    where.add(`(json_array_length(m.attachments) > 0) = ?`, query.has_attachments);
    where.add(order === 'newest first' ? 'm.id < ?' : 'm.id > ?', after ?? undefined);
    return tx.query<MessageWithState>(
      `SELECT ${COLUMNS} ${FROM} WHERE ${where} ORDER BY m.id ${order === 'newest first' ? 'DESC' : 'ASC'}
        LIMIT ${Number(query.limit) + 1}`,
      where.params,
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
