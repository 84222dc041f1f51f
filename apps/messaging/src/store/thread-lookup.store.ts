import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { referenceKeys, THREAD_OF_REFERENCE } from './find-thread.sql.js';

export interface ThreadQuestion extends Tenant {
  inboxId: string;
  /** Message-IDs in brackets, nearest first. */
  references: string[];
}

@Injectable()
export class ThreadLookupStore {
  /** @returns the thread that each question belongs to, by the question's place; those that start a thread are missing. */
  async find(tx: Tx, questions: ThreadQuestion[]): Promise<Map<number, string>> {
    const asked = questions.flatMap((question, n) =>
      question.references.map((reference, rank) => ({ n, rank, ...question, ...referenceKeys(reference) })),
    );
    if (asked.length === 0) return new Map();
    const rows = await tx.query<{ n: number; thread_id: string }>(THREAD_OF_REFERENCE, [
      asked.map(({ n }) => n),
      asked.map(({ rank }) => rank),
      asked.map(({ organizationId }) => organizationId),
      asked.map(({ mode }) => mode),
      asked.map(({ inboxId }) => inboxId),
      asked.map(({ reference }) => reference),
      asked.map(({ messageId }) => messageId),
    ]);
    return new Map(rows.map((row) => [row.n, row.thread_id]));
  }
}
