import { Injectable } from '@nestjs/common';
import { type BatchItemResult, type BatchResult, type Message, SendBatchRoute, SendFromBody } from '@postern/contracts';
import { ChargedSend } from '../credits/charged-send.js';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { inboxNamedIn, Subjects } from '../edge/subjects.js';
import { ScanWait } from '../wait/scan-wait.js';
import { BatchItems, readItem, refusedItem } from './batch-items.js';
import { itemKey } from './item-key.js';

const ACCEPTED = 202;

/** Sends many messages at once, each as if it came alone: so they share the commits of the single sends. */
@Injectable()
export class SendBatch {
  constructor(
    private readonly chargedSend: ChargedSend,
    private readonly scanWait: ScanWait,
    private readonly items: BatchItems,
    private readonly subjects: Subjects,
  ) {}

  /** @param items  as they came. @returns what became of each, in their order. Never fails for an item. */
  async run(caller: Caller, items: readonly unknown[]): Promise<Answer<BatchResult>> {
    const outcomes = await this.items.run(caller, items, (item, index) => this.send(caller, item, index));
    const accepted = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
    const { messages, ...heeded } = await this.scanWait.settle(
      caller,
      accepted.map(({ value }) => value),
    );
    const settled = new Map(messages.map((message) => [message.id, message]));
    const data = outcomes.map((outcome): BatchItemResult => {
      if ('error' in outcome) return refusedItem(outcome.error, caller.context.requestId);
      const { value } = outcome.answer;
      return { status: ACCEPTED, message: settled.get(value.id) ?? value };
    });
    return {
      value: { data },
      replayed: accepted.length > 0 && accepted.every(({ replayed }) => replayed),
      ...heeded,
    };
  }

  private async send(caller: Caller, item: unknown, index: number): Promise<Answer<Message>> {
    const { inbox_id: inbox, ...body } = await this.read(caller, item);
    const idempotency = itemKey(SendBatchRoute, caller.context.idempotency, item, body.client_id, index);
    const { inDoubt, sendsPerDay } = caller;
    return this.chargedSend.accept(
      { ...caller, context: { ...caller.context, idempotency } },
      { inbox, body, inDoubt, sendsPerDay },
    );
  }

  /** An inbox that does not exist is 404, however wrong the rest of the item is. */
  private async read(caller: Caller, item: unknown): Promise<SendFromBody> {
    try {
      return readItem(SendFromBody, item);
    } catch (error) {
      const named = inboxNamedIn(item);
      if (named !== null) await this.subjects.mustExist('inbox', caller, named);
      throw error;
    }
  }
}
