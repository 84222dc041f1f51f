import { Injectable } from '@nestjs/common';
import type { Message, MessageId, Page, Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { toMessage } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';

/** How a page is shown. */
export interface PageWish {
  limit: number;
  readWithheld: boolean;
  /** The cursor that leads on from a message. */
  cursorOf(id: MessageId): string;
}

/** Makes pages of messages from their ids. */
@Injectable()
export class MessagePages {
  constructor(private readonly messages: MessageReadStore) {}

  /** @param ids  one more than the limit, when there are more. */
  async of(
    tx: Tx,
    tenant: Tenant,
    ids: readonly MessageId[],
    { limit, readWithheld, cursorOf }: PageWish,
  ): Promise<Page<Message>> {
    const wanted = ids.slice(0, limit);
    const rows = await this.messages.page(tx, tenant, wanted);
    // A page of large messages ends early; what is gone meanwhile is passed over.
    const last = rows.length < wanted.length ? (rows.at(-1)?.id ?? wanted.at(-1)) : wanted.at(-1);
    const hasMore = last !== undefined && last !== ids.at(-1);
    return {
      data: rows.map((row) => toMessage(row, readWithheld)),
      has_more: hasMore,
      next_cursor: hasMore ? cursorOf(last) : null,
    };
  }
}

/** The cursor of lists by time. */
export const idCursor = (id: string): string => Buffer.from(id, 'latin1').toString('base64url');
