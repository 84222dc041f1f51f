import { Injectable } from '@nestjs/common';
import type { MessageId, Tenant, ThreadId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { referenceKeys, THREAD_OF_REFERENCE } from './find-thread.sql.js';

export interface ThreadQuestion extends Tenant {
  inboxId: string;
  /** Message-IDs in brackets, nearest first. */
  references: string[];
}

export interface ThreadEnd extends Tenant {
  threadId: ThreadId;
}

const IN_INBOX = sql(
  'thread_in_inbox',
  `SELECT q.n, t.id, t.last_message_id AS "lastMessageId"
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS q(n, organization_id, mode, inbox_id, id)
     JOIN threads t USING (organization_id, mode, inbox_id, id)`,
);
// In one order everywhere, so that two batches cannot lock each other out.
const LOCK_INBOXES = sql(
  'thread_lock_inboxes',
  `SELECT pg_advisory_xact_lock(q.key) FROM (
     SELECT DISTINCT hashtextextended(concat_ws(' ', 'mail of', o, m, i), 0) AS key
       FROM unnest($1::text[], $2::text[], $3::text[]) AS u(o, m, i) ORDER BY 1) q`,
);
// In the order in which threads are written, so that two batches cannot lock each other out.
const LOCK_ENDS = sql(
  'thread_lock_ends',
  `SELECT t.organization_id AS "organizationId", t.mode, t.id AS "threadId", t.last_message_id AS "lastMessageId"
     FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[]) AS u(organization_id, mode, id)) q
     JOIN threads t USING (organization_id, mode, id)
    ORDER BY t.organization_id, t.mode, t.id FOR UPDATE OF t`,
);

@Injectable()
export class ThreadLookupStore {
  /** @returns the thread that each question belongs to, by the question's place; those that start a thread are missing. */
  async find(tx: Tx, questions: ThreadQuestion[]): Promise<Map<number, ThreadId>> {
    const asked = questions.flatMap((question, n) =>
      question.references.map((reference, rank) => ({ n, rank, ...question, ...referenceKeys(reference) })),
    );
    if (asked.length === 0) return new Map();
    const rows = await tx.query<{ n: number; thread_id: ThreadId }>(THREAD_OF_REFERENCE, [
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

  /** @returns threads that are in the inboxes asked for, with their last messages, by the question's place. */
  async inInbox(
    tx: Tx,
    questions: (Tenant & { n: number; inboxId: string; threadId: string })[],
  ): Promise<Map<number, { id: ThreadId; lastMessageId: MessageId | null }>> {
    if (questions.length === 0) return new Map();
    const rows = await tx.query<{ n: number; id: ThreadId; lastMessageId: MessageId | null }>(IN_INBOX, [
      questions.map(({ n }) => n),
      questions.map(({ organizationId }) => organizationId),
      questions.map(({ mode }) => mode),
      questions.map(({ inboxId }) => inboxId),
      questions.map(({ threadId }) => threadId),
    ]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  /** Lets one transaction at a time store mail of an inbox; held until its end. */
  async lockInboxes(tx: Tx, inboxes: readonly (Tenant & { inboxId: string })[]): Promise<void> {
    await tx.query(LOCK_INBOXES, [
      inboxes.map(({ organizationId }) => organizationId),
      inboxes.map(({ mode }) => mode),
      inboxes.map(({ inboxId }) => inboxId),
    ]);
  }

  /** Locks threads until the transaction ends. @returns the last message of each that exists. */
  async lockEnds(tx: Tx, threads: ThreadEnd[]): Promise<(ThreadEnd & { lastMessageId: MessageId | null })[]> {
    return tx.query(LOCK_ENDS, [
      threads.map(({ organizationId }) => organizationId),
      threads.map(({ mode }) => mode),
      threads.map(({ threadId }) => threadId),
    ]);
  }
}
