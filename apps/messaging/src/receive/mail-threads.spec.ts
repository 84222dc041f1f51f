import { describe, expect, it } from '@jest/globals';
import { newId, sameIdAs, type InboxId, type OrganizationId, type ThreadId } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { ThreadLookupStore, ThreadQuestion } from '../store/thread-lookup.store.js';
import { MailThreads } from './mail-threads.js';
import type { ReadyMail } from './receive-mail.js';

const organizationId: OrganizationId = newId('org');
const ONE: InboxId = newId('inb');
const OTHER: InboxId = newId('inb');

/** A mail as far as threads go. */
function mail(messageIdHeader: string | null, references: string[] = [], inboxId = ONE): ReadyMail {
  const fact = { organizationId, mode: 'live', data: { received: { mailId: newId('mail'), inboxId } } };
  return { fact, mail: { messageIdHeader, inReplyTo: [], references } } as unknown as ReadyMail;
}

/** Knows the threads of some ids, as the database would. */
function threadsWith(known: Readonly<Record<string, ThreadId>>): MailThreads {
  const store = {
    lockInboxes: async () => undefined,
    find: async (_tx: Tx, questions: ThreadQuestion[]) =>
      new Map(
        questions.flatMap(({ references }, n) => {
          const nearest = references.find((reference) => reference in known);
          return nearest === undefined ? [] : [[n, { threadId: known[nearest], answered: null }]];
        }),
      ),
  };
  return new MailThreads(store as unknown as ThreadLookupStore);
}

const find = (mails: ReadyMail[], known: Readonly<Record<string, ThreadId>> = {}) =>
  threadsWith(known).find({} as Tx, mails);
const own = ({ fact }: ReadyMail): ThreadId => sameIdAs('thr', fact.data.received.mailId);

describe('mails of one batch', () => {
  it('that answer each other are one thread, in whatever order they stand', async () => {
    const chain = [mail('<a>'), mail('<b>', ['<a>']), mail('<c>', ['<x>', '<b>']), mail('<d>', ['<a>', '<b>', '<c>'])];
    const first = own(chain[0] as ReadyMail);
    expect(await find(chain)).toEqual([first, first, first, first]);
    expect(await find(chain.toReversed())).toEqual([first, first, first, first]);
  });

  it('join the thread that is known for the one that they lead to', async () => {
    const known = newId('thr');
    expect(await find([mail('<c>', ['<b>']), mail('<b>', ['<a>'])], { '<a>': known })).toEqual([known, known]);
  });

  it('are threads of their own otherwise: in other inboxes, and without an id', async () => {
    const apart = [mail('<a>'), mail('<b>', ['<a>'], OTHER), mail(null), mail(null, ['<z>'])];
    expect(await find(apart)).toEqual(apart.map(own));
  });

  it('that answer each other in a circle end somewhere', async () => {
    const circle = [mail('<a>', ['<b>']), mail('<b>', ['<a>']), mail('<c>', ['<c>'])];
    const threads = await find(circle);
    expect(circle.map(own)).toEqual(expect.arrayContaining(threads));
    expect(threads[2]).toBe(own(circle[2] as ReadyMail));
  });
});
