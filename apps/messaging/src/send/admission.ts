import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, MessageId, ThreadId } from '@postern/contracts';
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
}

type End = Pick<Admission, 'threadId' | 'lastMessageId'>;

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
    const [threads, shut] = await Promise.all([this.threadsOf(questions, inboxes), this.shutInboxes(inboxes)]);
    return questions.map((_question, index) => {
      const inbox = inboxes.get(index);
      const key = keys.get(index);
      if (inbox === undefined) return notFound('inbox');
      if (key !== undefined && !key.sameBody) return otherBody();
      return {
        earlier: key?.resourceId ?? null,
        inbox,
        domainMaySend: !shut.has(index),
        blocked: blocked.get(index) ?? [],
        ...(threads.get(index) ?? { threadId: null, lastMessageId: null }),
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

  /** A plain send costs one look-up at most; naming a thread, or asking for its end, another one. */
  private async threadsOf(
    questions: AdmissionQuestion[],
    inboxes: Map<number, AdmittedInbox>,
  ): Promise<Map<number, End>> {
    const asked = questions.map((question, n) => ({
      n,
      ...question.context,
      ...question,
      inboxId: inboxes.get(n)?.id ?? '',
      references: question.threadId === null ? question.references : [],
    }));
    const found = await this.threads.find(this.database, asked);
    const named = asked.flatMap((one) => {
      const threadId = one.threadId ?? found.get(one.n);
      return threadId !== undefined && (one.threadId !== null || one.asksForEnd) ? [{ ...one, threadId }] : [];
    });
    const ends = await this.threads.inInbox(this.database, named);
    return new Map([
      ...[...found].map(([n, threadId]): [number, End] => [n, { threadId, lastMessageId: null }]),
      ...[...ends].map(([n, { id, lastMessageId }]): [number, End] => [n, { threadId: id, lastMessageId }]),
    ]);
  }
}
