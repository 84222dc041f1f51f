import { Inject, Injectable } from '@nestjs/common';
import {
  addressKey,
  type AnsweredMail,
  type CommandContext,
  type ListBook,
  type MessageId,
  refusedRecipients,
  type ThreadId,
} from '@postern/contracts';
import { CONFIG, Database, GroupCommit, notFound } from '@postern/platform';
import { otherBody } from '@postern/eventing';
import { AdmissionStore, type AdmittedInbox, type Blocked } from '../store/admission.store.js';
import { KnownDomainStore } from '../store/known-domain.store.js';
import { ThreadLookupStore } from '../store/thread-lookup.store.js';

export interface AdmissionQuestion {
  context: CommandContext;
  inbox: string;
  /** Compared without case. */
  recipients: string[];
  /** Ids that the message answers, nearest first. */
  references: string[];
  /** The thread that the message is said to belong to, whatever it answers. */
  threadId: ThreadId | null;
  /** Whether it says that it answers something: then whoever wrote that matters. */
  isAnswer: boolean;
  /** Whether the last message of the thread matters. */
  asksForEnd: boolean;
}

export interface Admission {
  /** The message that an earlier call with the same idempotency key made. */
  earlier: string | null;
  inbox: AdmittedInbox;
  /** Whether mail may leave from the domain of the inbox. */
  domainMaySend: boolean;
  blocked: Blocked[];
  /** The thread that was named, else that of the nearest known message that this one answers. Null: none in this inbox. */
  threadId: ThreadId | null;
  /** The last message of that thread, if it was asked for. */
  lastMessageId: MessageId | null;
  /** How many messages the thread has; null: nobody counted. */
  threadMessages: number | null;
  /** The received message of this inbox that is answered. */
  answers: AnsweredMail | null;
}

type Place = Pick<Admission, 'threadId' | 'lastMessageId' | 'threadMessages' | 'answers'>;

const NO_THREAD: Place = { threadId: null, lastMessageId: null, threadMessages: 0, answers: null };

/** Everything that must be known before a message is accepted, asked for many requests in one go. */
@Injectable()
export class AdmissionDesk {
  private readonly questions: GroupCommit<AdmissionQuestion, Admission>;

  constructor(
    private readonly database: Database,
    private readonly store: AdmissionStore,
    private readonly threads: ThreadLookupStore,
    private readonly domains: KnownDomainStore,
    @Inject(CONFIG) private readonly config: { readonly POSTERN_DOMAIN: string },
  ) {
    this.questions = new GroupCommit({ commit: (questions) => this.answerAll(questions) });
  }

  /** @throws AppError `not_found` for an unknown inbox, `idempotency_conflict` for a key used with another body. */
  ask(question: AdmissionQuestion): Promise<Admission> {
    return this.questions.add(question);
  }

  private async answerAll(questions: AdmissionQuestion[]): Promise<(Admission | Error)[]> {
    const [inboxes, keys, blocked] = await Promise.all([
      this.store.inboxes(this.database, questions),
      this.store.keys(this.database, questions),
      this.store.blocked(this.database, questions),
    ]);
    const [threads, shut, lists] = await Promise.all([
      this.threadsOf(questions, inboxes),
      this.shutInboxes(inboxes),
      this.store.lists(this.database, questions, inboxes),
    ]);
    return questions.map(({ recipients }, index) => {
      const inbox = inboxes.get(index);
      const key = keys.get(index);
      if (inbox === undefined) return notFound('inbox');
      if (key !== undefined && !key.sameBody) return otherBody();
      const place = threads.get(index) ?? NO_THREAD;
      return {
        earlier: key?.resourceId ?? null,
        inbox,
        domainMaySend: !shut.has(index),
        // Somebody who is suppressed is so whatever lists say: the later reason is the one that is told.
        blocked: [...refusedBy(lists.get(index), recipients, place.answers), ...(blocked.get(index) ?? [])],
        ...place,
      };
    });
  }

  /** Questions whose inbox is in a domain that may not send. Inboxes of the instance's own domain cost nothing; test mode sends nothing. */
  private async shutInboxes(inboxes: Map<number, AdmittedInbox>): Promise<Set<number>> {
    const asked = [...inboxes].filter(
      ([, { domain, mode }]) => mode === 'live' && domain !== this.config.POSTERN_DOMAIN,
    );
    if (asked.length === 0) return new Set();
    const names = asked.map(([, { organization_id: organizationId, mode, domain: name }]) => ({
      organizationId,
      mode,
      name,
    }));
    const open = await this.domains.thatMaySend(this.database, names);
    return new Set(asked.flatMap(([n], place) => (open.has(place) ? [] : [n])));
  }

  /** A plain send costs no look-up, an answer one at a time; only who asks for the end of a thread that is not named waits for two. */
  private async threadsOf(
    questions: AdmissionQuestion[],
    inboxes: Map<number, AdmittedInbox>,
  ): Promise<Map<number, Place>> {
    const asked = questions.map((question, n) => ({
      n,
      ...question.context,
      ...question,
      inboxId: inboxes.get(n)?.id ?? '',
      references: question.threadId === null || question.isAnswer ? question.references : [],
    }));
    const [followed, named] = await Promise.all([
      this.threads.find(this.database, asked),
      this.threads.inInbox(
        this.database,
        asked.flatMap((one) => (one.threadId === null ? [] : [{ ...one, threadId: one.threadId }])),
      ),
    ]);
    const ends = await this.threads.inInbox(
      this.database,
      asked.flatMap((one) => {
        const threadId = one.threadId === null && one.asksForEnd ? followed.get(one.n)?.threadId : undefined;
        return threadId === undefined ? [] : [{ ...one, threadId }];
      }),
    );
    return new Map(
      asked.map(({ n, threadId, isAnswer }) => {
        const thread = named.get(n) ?? ends.get(n);
        const answered = followed.get(n)?.answered ?? named.get(n)?.answered ?? null;
        const found = thread?.id ?? (threadId === null ? followed.get(n)?.threadId : undefined) ?? null;
        return [
          n,
          {
            threadId: found,
            lastMessageId: thread?.lastMessageId ?? null,
            threadMessages: found === null ? 0 : (thread?.messageCount ?? null),
            answers: isAnswer ? answered : null,
          },
        ];
      }),
    );
  }
}

function refusedBy(
  lists: ListBook | undefined,
  recipients: readonly string[],
  answers: AnsweredMail | null,
): Blocked[] {
  if (lists === undefined) return [];
  const refused = refusedRecipients(lists, recipients, answers);
  return refused.map(({ address, reason }) => ({ address: addressKey(address), reason }));
}
