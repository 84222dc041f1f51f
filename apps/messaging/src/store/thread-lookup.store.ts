import { Injectable } from '@nestjs/common';
import {
  addressKey,
  RECIPIENTS_MAX,
  type AnsweredMail,
  type MessageId,
  type Tenant,
  type ThreadId,
} from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { ANCESTOR, ANCESTORS, type Ancestor, referenceKeys } from './find-thread.sql.js';

export interface ThreadQuestion extends Tenant {
  inboxId: string;
  /** Message-IDs in brackets, nearest first. */
  references: string[];
}

/** What a mail follows within its inbox. */
export interface Lineage {
  /** The thread of the nearest known message. */
  threadId: ThreadId;
  /** The nearest one that was received; null when all known ones were sent. */
  answered: AnsweredMail | null;
}

/** A thread as a new message finds it. */
export interface FoundThread {
  id: ThreadId;
  lastMessageId: MessageId | null;
  messageCount: number;
  /** The newest received message among its {@link LOOKED_BACK} newest. */
  answered: AnsweredMail | null;
}

export interface ThreadEnd extends Tenant {
  threadId: ThreadId;
}

/** Who goes on in a thread without naming a message answers the newest mail; a search for it must not read a long thread. */
const LOOKED_BACK = 50;

const IN_INBOX = sql(
  'thread_in_inbox',
  `SELECT q.n, t.id, t.last_message_id AS "lastMessageId", t.message_count AS "messageCount", to_json(received.*) AS received
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS q(n, organization_id, mode, inbox_id, id)
     JOIN threads t USING (organization_id, mode, inbox_id, id)
     LEFT JOIN LATERAL (
       SELECT ${ANCESTOR} FROM (
         SELECT * FROM messages l
          WHERE l.organization_id = t.organization_id AND l.mode = t.mode AND l.thread_id = t.id
          ORDER BY l.id DESC LIMIT ${LOOKED_BACK}) m
        WHERE m.direction = 'inbound' ORDER BY m.id DESC LIMIT 1
     ) received ON true`,
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
  /** @returns what each question's mail follows, by the question's place; those that start a thread are missing. */
  async find(tx: Tx, questions: ThreadQuestion[]): Promise<Map<number, Lineage>> {
    const asked = questions.flatMap((question, n) =>
      question.references.map((reference, rank) => ({ n, rank, ...question, ...referenceKeys(reference) })),
    );
    if (asked.length === 0) return new Map();
    const rows = await tx.query<Ancestor & { n: number; rank: number }>(ANCESTORS, [
      asked.map(({ n }) => n),
      asked.map(({ rank }) => rank),
      asked.map(({ organizationId }) => organizationId),
      asked.map(({ mode }) => mode),
      asked.map(({ inboxId }) => inboxId),
      asked.map(({ reference }) => reference),
      asked.map(({ messageId }) => messageId),
    ]);
    const nearest = new Map<number, Lineage & { rank: number }>();
    for (const row of rows) {
      const other = nearest.get(row.n);
      const isNearer = other === undefined || row.rank < other.rank;
      nearest.set(row.n, {
        threadId: isNearer ? row.thread_id : other.threadId,
        rank: isNearer ? row.rank : other.rank,
        answered: answeredOf(row) ?? other?.answered ?? null,
      });
    }
    return nearest;
  }

  /** @returns threads that are in the inboxes asked for, with their last messages, by the question's place. */
  async inInbox(
    tx: Tx,
    questions: (Tenant & { n: number; inboxId: string; threadId: string })[],
  ): Promise<Map<number, FoundThread>> {
    if (questions.length === 0) return new Map();
    const rows = await tx.query<Omit<FoundThread, 'answered'> & { n: number; received: Ancestor | null }>(IN_INBOX, [
      questions.map(({ n }) => n),
      questions.map(({ organizationId }) => organizationId),
      questions.map(({ mode }) => mode),
      questions.map(({ inboxId }) => inboxId),
      questions.map(({ threadId }) => threadId),
    ]);
    return new Map(
      rows.map(({ n, received, ...thread }) => [
        n,
        { ...thread, answered: received === null ? null : answeredOf(received) },
      ]),
    );
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

/** Whom an answer goes to: who wrote the mail, and whom it wants to be answered. Null for a message that was sent. */
function answeredOf({ id, direction, from_address, reply_to_list }: Ancestor): AnsweredMail | null {
  if (direction === 'outbound') return null;
  const people = new Set([from_address, ...reply_to_list.map(({ address }) => address)].map(addressKey));
  return { messageId: id, addresses: [...people].slice(0, RECIPIENTS_MAX) };
}
