import { Injectable } from '@nestjs/common';
import {
  type Approval,
  ApproveMessage,
  DecideItem,
  type DecideItemResult,
  type DecideResult,
  DecideRoute,
  RejectMessage,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { BatchItems, readItem, refusedItem } from '../batch/batch-items.js';
import { itemKey } from '../batch/item-key.js';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';

const DECIDED = 200;

/** Decides on many held messages, each as if the decision came alone. */
@Injectable()
export class DecideMany {
  constructor(
    private readonly commands: CommandClient,
    private readonly items: BatchItems,
  ) {}

  /** @param items  as they came. @returns what became of each, in their order. Never fails for an item. */
  async run(caller: Caller, items: readonly unknown[]): Promise<Answer<DecideResult>> {
    const outcomes = await this.items.run(caller, items, (item, index) => this.decide(caller, item, index));
    const decided = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
    const data = outcomes.map((outcome): DecideItemResult =>
      'error' in outcome
        ? refusedItem(outcome.error, caller.context.requestId)
        : { status: DECIDED, approval: outcome.answer.value },
    );
    return { value: { data }, replayed: decided.length > 0 && decided.every(({ replayed }) => replayed) };
  }

  private async decide(caller: Caller, item: unknown, index: number): Promise<Answer<Approval>> {
    const { id, content_hash, decision, reason } = readItem(DecideItem, item);
    const idempotency = itemKey(DecideRoute, caller.context.idempotency, item, undefined, index);
    const context = { ...caller.context, idempotency };
    return decision === 'approve'
      ? this.commands.ask(ApproveMessage, context, {
          id,
          body: { content_hash, ...(reason !== undefined && { note: reason }) },
        })
      : this.commands.ask(RejectMessage, context, {
          id,
          body: reason === undefined ? {} : { reason },
          contentHash: content_hash,
        });
  }
}
