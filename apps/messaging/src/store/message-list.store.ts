import { Injectable } from '@nestjs/common';
import type { MessageId, Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { IdBounds } from './search-read.store.js';
import { stateConditions, stateValues, type StateWish } from './state-conditions.js';
import { Where } from './where.js';

/** Which messages of a tenant. */
export interface ListWish extends Tenant, IdBounds {
  /** Null: of every inbox. */
  inboxIds: readonly string[] | null;
  state: StateWish;
  limit: number;
}

const asksForState = ({ direction, delivery, security, hasAttachments, hidesWithheld }: StateWish): boolean =>
  hidesWithheld || [direction, delivery, security, hasAttachments].some((value) => value !== undefined);

/** Lists ids of messages, each list in the order of an index, so that only as many rows are read as it has. */
@Injectable()
export class MessageListStore {
  /** Newest first. */
  newest(tx: Tx, wish: ListWish): Promise<MessageId[]> {
    if (asksForState(wish.state)) return this.byState(tx, wish);
    return wish.inboxIds === null ? this.ofTenant(tx, wish) : this.ofInboxes(tx, wish, wish.inboxIds);
  }

  /** Of one thread, which may be long: its messages are looked at one after the other. */
  async ofThread(
    tx: Tx,
    wish: ListWish,
    threadId: string,
    order: 'newest first' | 'oldest first',
  ): Promise<MessageId[]> {
    const where = new Where();
    where.add('m.organization_id = ?', wish.organizationId);
    where.add('m.mode = ?', wish.mode);
    where.add('m.thread_id = ?', threadId);
    where.add('m.inbox_id = ANY(?)', wish.inboxIds ?? undefined);
    where.add('m.id > ?', wish.above);
    where.add('m.id < ?', wish.below);
    const conditions = stateConditions(wish.state, where);
    const state =
      conditions.length === 0
        ? ''
        : `CROSS JOIN LATERAL (SELECT 1 FROM message_states s WHERE s.organization_id = m.organization_id
             AND s.mode = m.mode AND s.message_id = m.id AND ${conditions.join(' AND ')} LIMIT 1) s`;
    return idsOf(
      await tx.query(
        `SELECT m.id FROM messages m ${state} WHERE ${where}
          ORDER BY m.id ${order === 'newest first' ? 'DESC' : 'ASC'} LIMIT ${Number(wish.limit)}`,
        where.params,
      ),
    );
  }

  private async ofTenant(tx: Tx, { organizationId, mode, above, below, limit }: ListWish): Promise<MessageId[]> {
    return idsOf(
      await tx.query(
        `SELECT id FROM messages WHERE organization_id = $1 AND mode = $2 AND id > $3 AND id < $4
          ORDER BY id DESC LIMIT $5`,
        [organizationId, mode, above, below, limit],
      ),
    );
  }

  private async ofInboxes(
    tx: Tx,
    { organizationId, mode, above, below, limit }: ListWish,
    inboxIds: readonly string[],
  ): Promise<MessageId[]> {
    return idsOf(
      await tx.query(
        `SELECT m.id FROM unnest($3::text[]) AS i(inbox_id) CROSS JOIN LATERAL (
           SELECT id FROM messages m WHERE organization_id = $1 AND mode = $2 AND m.inbox_id = i.inbox_id
              AND id > $4 AND id < $5 ORDER BY id DESC LIMIT $6) m
          ORDER BY m.id DESC LIMIT $6`,
        [organizationId, mode, inboxIds, above, below, limit],
      ),
    );
  }

  /** One look into the index for each combination of states, each as long as the list at most. */
  private async byState(tx: Tx, wish: ListWish): Promise<MessageId[]> {
    const { delivery, security, hasAttachments } = stateValues(wish.state);
    const inboxes = wish.inboxIds === null ? '' : 'CROSS JOIN unnest($9::text[]) AS i(inbox_id)';
    return idsOf(
      await tx.query(
        `SELECT s.id FROM unnest($3::text[]) AS d(delivery) CROSS JOIN unnest($4::text[]) AS c(security)
          CROSS JOIN unnest($5::boolean[]) AS a(attached) ${inboxes} CROSS JOIN LATERAL (
           SELECT message_id AS id FROM message_states s
            WHERE organization_id = $1 AND mode = $2 ${wish.inboxIds === null ? '' : 'AND s.inbox_id = i.inbox_id'}
              AND delivery_status = d.delivery AND security_status = c.security AND has_attachments = a.attached
              AND message_id > $6 AND message_id < $7 ORDER BY message_id DESC LIMIT $8) s
          ORDER BY s.id DESC LIMIT $8`,
        [
          wish.organizationId,
          wish.mode,
          delivery,
          security,
          hasAttachments,
          wish.above,
          wish.below,
          wish.limit,
          ...(wish.inboxIds === null ? [] : [wish.inboxIds]),
        ],
      ),
    );
  }
}

const idsOf = (rows: { id: MessageId }[]): MessageId[] => rows.map(({ id }) => id);
