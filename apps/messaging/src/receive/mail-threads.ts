import { Injectable } from '@nestjs/common';
import { sameIdAs, type ThreadId } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { ThreadLookupStore, type ThreadQuestion } from '../store/thread-lookup.store.js';
import type { ReadyMail } from './receive-mail.js';

/** Finds the thread of each mail: that of what it answers, else one of its own. */
@Injectable()
export class MailThreads {
  constructor(private readonly store: ThreadLookupStore) {}

  /**
   * By In-Reply-To, then References from right to left, then nothing else. What a mail answers may be stored, stand in the
   * same batch, or be on its way in another one: so mail of one inbox is stored by one transaction at a time.
   * @returns a thread for each mail, in their order.
   */
  async find(tx: Tx, mails: readonly ReadyMail[]): Promise<ThreadId[]> {
    const questions = mails.map(questionOf);
    await this.store.lockInboxes(tx, questions);
    const known = await this.store.find(tx, questions);
    const placeOf = new Map(mails.map(({ mail }, n) => [nameOf(questions[n], mail.messageIdHeader), n]));
    /** Follows answers within the batch up to one whose thread is known, or to the first one. */
    const resolve = (n: number, below: ReadonlySet<number>): ThreadId => {
      const found = known.get(n)?.threadId;
      if (found !== undefined) return found;
      const above = questions[n]?.references
        .map((reference) => placeOf.get(nameOf(questions[n], reference)))
        .find((place) => place !== undefined && place !== n && !below.has(place));
      return above === undefined ? ownThread(mails[n] as ReadyMail) : resolve(above, new Set([...below, n]));
    };
    return mails.map((_, n) => resolve(n, new Set()));
  }
}

const ownThread = ({ fact }: ReadyMail): ThreadId => sameIdAs('thr', fact.data.received.mailId);

const questionOf = ({ fact, mail }: ReadyMail): ThreadQuestion => ({
  organizationId: fact.organizationId,
  mode: fact.mode,
  inboxId: fact.data.received.inboxId,
  references: [...mail.inReplyTo, ...mail.references.toReversed()],
});

/** A Message-ID means something within an inbox only. */
const nameOf = (question: ThreadQuestion | undefined, messageId: string | null): string =>
  `${question?.organizationId} ${question?.mode} ${question?.inboxId} ${messageId ?? ''}`;
