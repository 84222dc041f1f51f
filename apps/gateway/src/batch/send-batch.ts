import { Inject, Injectable } from '@nestjs/common';
import { type BatchItemResult, type BatchResult, type Message, SendBatchRoute, SendFromBody } from '@postern/contracts';
import {
  AppError,
  errorBody,
  fromZod,
  internal,
  type Issue,
  LOGGER,
  type Logger,
  validationError,
} from '@postern/platform';
import { ChargedSend } from '../credits/charged-send.js';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { unstorableText } from '../edge/unstorable-text.js';
import { ScanWait } from '../wait/scan-wait.js';
import { itemKey } from './item-key.js';

const ACCEPTED = 202;

type Outcome = { answer: Answer<Message> } | { error: AppError };

/** Sends many messages at once, each as if it came alone: so they share the commits of the single sends. */
@Injectable()
export class SendBatch {
  constructor(
    private readonly chargedSend: ChargedSend,
    private readonly scanWait: ScanWait,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param items  as they came. @returns what became of each, in their order. Never fails for an item. */
  async run(caller: Caller, items: readonly unknown[]): Promise<Answer<BatchResult>> {
    const outcomes = await Promise.all(items.map((item, index) => this.outcomeOf(caller, item, index)));
    const accepted = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
    const { messages, ...heeded } = await this.scanWait.settle(
      caller,
      accepted.map(({ value }) => value),
    );
    const settled = new Map(messages.map((message) => [message.id, message]));
    const data = outcomes.map((outcome): BatchItemResult => {
      if ('error' in outcome) return refused(outcome.error, caller.context.requestId);
      const { value } = outcome.answer;
      return { status: ACCEPTED, message: settled.get(value.id) ?? value };
    });
    return {
      value: { data },
      replayed: accepted.length > 0 && accepted.every(({ replayed }) => replayed),
      ...heeded,
    };
  }

  private async outcomeOf(caller: Caller, item: unknown, index: number): Promise<Outcome> {
    try {
      return { answer: await this.send(caller, item, index) };
    } catch (error) {
      if (error instanceof AppError) return { error };
      this.logger.error({ err: error, requestId: caller.context.requestId, index }, 'batch: an item failed');
      return { error: internal(error) };
    }
  }

  private async send(caller: Caller, item: unknown, index: number): Promise<Answer<Message>> {
    const read = SendFromBody.safeParse(item);
    const issues: Issue[] = [...unstorableText(item)];
    if (!read.success) throw validationError([...issuesOf(fromZod(read.error)), ...issues]);
    if (issues.length > 0) throw validationError(issues);
    const { inbox_id: inbox, ...body } = read.data;
    const idempotency = itemKey(SendBatchRoute, caller.context.idempotency, item, body.client_id, index);
    const { inDoubt, sendsPerDay } = caller;
    return this.chargedSend.accept(
      { ...caller, context: { ...caller.context, idempotency } },
      { inbox, body, inDoubt, sendsPerDay },
    );
  }
}

const issuesOf = (error: AppError): Issue[] => (error.details as { issues: Issue[] }).issues;

const refused = (error: AppError, requestId: string): BatchItemResult => {
  const { error: shown } = errorBody(error, requestId);
  return { status: shown.status, error: shown };
};
