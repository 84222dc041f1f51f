import { Injectable } from '@nestjs/common';
import type { Tenant, UpdateMessageBody } from '@postern/contracts';
import { notFound, type Tx } from '@postern/platform';
import { LabelStore } from '../store/label.store.js';
import { SearchQueueStore } from '../store/search-queue.store.js';
import { mustBeFew } from './label-limit.js';

/** What a caller notes on a message: labels and metadata. Nobody is told, and nothing about the mail itself changes. */
@Injectable()
export class MessageMarks {
  constructor(
    private readonly labels: LabelStore,
    private readonly search: SearchQueueStore,
  ) {}

  /**
   * Changes them within a transaction, which the caller has checked may see the message.
   * @param body  what is absent stays; `metadata` is replaced as a whole, and null empties it.
   * @throws AppError `not_found`; `validation_error` when too many labels would be left, and then nothing is changed.
   */
  async change(tx: Tx, tenant: Tenant, id: string, body: UpdateMessageBody): Promise<void> {
    const { add_labels: add, remove_labels: remove, metadata } = body;
    if (add === undefined && remove === undefined && metadata === undefined) return;
    const change = { add: add ?? [], remove: remove ?? [] };
    const labels = await this.labels.changeMessage(tx, tenant, id, change, metadata === null ? {} : metadata);
    if (labels === null) throw notFound('message');
    mustBeFew(labels);
    if (add !== undefined || remove !== undefined) await this.search.add(tx, [{ ...tenant, messageId: id }]);
  }
}
