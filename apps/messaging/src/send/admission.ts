import { Injectable } from '@nestjs/common';
import type { CommandContext } from '@postern/contracts';
import { Database, GroupCommit, notFound } from '@postern/platform';
import { otherBody } from '@postern/eventing';
import { AdmissionStore, type Blocked } from '../store/admission.store.js';
import type { InboxRow } from '../store/inbox.row.js';
import { ThreadLookupStore } from '../store/thread-lookup.store.js';

export interface AdmissionQuestion {
  context: CommandContext;
  inbox: string;
  /** Compared without case. */
  recipients: string[];
  /** Ids that the message answers, nearest first. */
  references: string[];
}

export interface Admission {
  /** The message that an earlier call with the same idempotency key made. */
  earlier: string | null;
  inbox: InboxRow;
  blocked: Blocked[];
  /** The thread of the nearest known message that this one answers. */
  threadId: string | null;
}

/** Everything that must be known before a message is accepted, asked for many requests in one go. */
@Injectable()
export class AdmissionDesk {
  private readonly questions: GroupCommit<AdmissionQuestion, Admission>;

  constructor(
    private readonly database: Database,
    private readonly store: AdmissionStore,
    private readonly threads: ThreadLookupStore,
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
    const threads = await this.threads.find(
      this.database,
      questions.map(({ context, references }, index) => ({
        ...context,
        inboxId: inboxes.get(index)?.id ?? '',
        references,
      })),
    );
    return questions.map((_question, index) => {
      const inbox = inboxes.get(index);
      const key = keys.get(index);
      if (inbox === undefined) return notFound('inbox');
      if (key !== undefined && !key.sameBody) return otherBody();
      return {
        earlier: key?.resourceId ?? null,
        inbox,
        blocked: blocked.get(index) ?? [],
        threadId: threads.get(index) ?? null,
      };
    });
  }
}
