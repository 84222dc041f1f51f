import { Inject, Injectable } from '@nestjs/common';
import type { ErrorReply } from '@postern/contracts';
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
import type { z } from 'zod';
import type { Answer } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { unstorableText } from '../edge/unstorable-text.js';

export type ItemOutcome<T> = { answer: Answer<T> } | { error: AppError };

/** What a refused item is answered with: the status and the error that it would have had alone. */
export interface RefusedItem {
  status: number;
  error: ErrorReply['error'];
}

/** Works the items of one request off by themselves: none of them fails another one. */
@Injectable()
export class BatchItems {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** @returns what became of each item, in their order. Never fails for an item. */
  async run<T>(
    { context }: Caller,
    items: readonly unknown[],
    work: (item: unknown, index: number) => Promise<Answer<T>>,
  ): Promise<ItemOutcome<T>[]> {
    return Promise.all(
      items.map(async (item, index): Promise<ItemOutcome<T>> => {
        try {
          return { answer: await work(item, index) };
        } catch (error) {
          if (error instanceof AppError) return { error };
          this.logger.error({ err: error, requestId: context.requestId, index }, 'batch: an item failed');
          return { error: internal(error) };
        }
      }),
    );
  }
}

/** @throws AppError `validation_error` with everything that is wrong with the item. */
export function readItem<S extends z.ZodType>(schema: S, item: unknown): z.output<S> {
  const read = schema.safeParse(item);
  const issues: Issue[] = [...unstorableText(item)];
  if (!read.success) throw validationError([...issuesOf(fromZod(read.error)), ...issues]);
  if (issues.length > 0) throw validationError(issues);
  return read.data;
}

const issuesOf = (error: AppError): Issue[] => (error.details as { issues: Issue[] }).issues;

export function refusedItem(error: AppError, requestId: string): RefusedItem {
  const { error: shown } = errorBody(error, requestId);
  return { status: shown.status, error: shown };
}
