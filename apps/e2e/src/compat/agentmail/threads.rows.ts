import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { ABSENT, INVALID, refused } from './row.js';
import { type Setting, TO } from './setting.js';

export const threadRows = (at: () => Setting): ConformanceRow[] => {
  const inboxId = () => at().inbox.inboxId;
  const threadId = () => at().answered.threadId;
  const ofInbox = () => at().am.inboxes.threads;
  const ofAll = () => at().am.threads;
  const find = (threads: AgentMail.ThreadItem[]) => threads.find((thread) => thread.threadId === threadId());
  const whole = {
    labels: expect.arrayContaining(['received', 'unread']),
    senders: expect.arrayContaining(['Ann <ann@example.com>', expect.stringContaining('Agent <')]),
    recipients: expect.arrayContaining(['Ann <ann@example.com>']),
    subject: 'Re: Quarterly numbers',
    messageCount: expect.any(Number),
    size: expect.any(Number),
    timestamp: expect.any(Date),
    receivedTimestamp: expect.any(Date),
    sentTimestamp: expect.any(Date),
    attachments: expect.arrayContaining([expect.objectContaining({ filename: 'numbers.csv' })]),
  };
  return [
    works('inboxes.threads.list', 'each with senders, recipients, labels, preview, files and times', async () => {
      const { threads } = await ofInbox().list(inboxId(), { senders: ['ann@'] });
      expect(find(threads)).toMatchObject({ inboxId: inboxId(), ...whole });
    }),
    works('inboxes.threads.list', '`limit` and `page_token`', async () => {
      const first = await ofInbox().list(inboxId(), { limit: 1 });
      const next = await ofInbox().list(inboxId(), { limit: 1, pageToken: first.nextPageToken ?? '' });
      expect([first.count, next.count]).toEqual([1, 1]);
      expect(next.threads[0]?.threadId).not.toBe(first.threads[0]?.threadId);
    }),
    works('inboxes.threads.list', '`labels`, `senders`, `recipients`, `subject`, `before`, `after`', async () => {
      const list = async (query: AgentMail.inboxes.ListThreadsRequest) =>
        find((await ofInbox().list(inboxId(), query)).threads) !== undefined;
      expect(await list({ labels: ['unread'], recipients: ['ANN'], subject: ['quarterly'] })).toBe(true);
      expect(await list({ labels: ['kept'] })).toBe(false);
      expect(await list({ before: at().inbox.createdAt })).toBe(false);
      expect(await list({ after: at().inbox.createdAt, senders: ['ann'] })).toBe(true);
    }),
    differs(
      'inboxes.threads.list',
      '`include_blocked`, and the other classes',
      'Threads with withheld mail are labelled `blocked`; there are no other classes.',
      async () => {
        const [list, all] = await Promise.all([
          ofInbox().list(inboxId(), { senders: ['mallory'] }),
          ofInbox().list(inboxId(), { senders: ['mallory'], includeBlocked: true, includeSpam: true }),
        ]);
        expect([list.count, all.count]).toEqual([0, 1]);
      },
    ),
    notOffered('threads.list', '`ascending`', 'Lists come newest first.', async () => {
      await refused(ofAll().list({ ascending: true }), INVALID);
    }),
    works('threads.list', 'over all inboxes, with the same filters', async () => {
      const { threads } = await ofAll().list({ senders: ['ann@'] });
      expect(find(threads)).toMatchObject({ inboxId: inboxId(), ...whole });
    }),
    works('threads.get', 'with its messages, oldest first', async () => {
      for (const thread of [await ofAll().get(threadId()), await ofInbox().get(inboxId(), threadId())]) {
        expect(thread).toMatchObject({ inboxId: inboxId(), ...whole, count: thread.messages.length });
        expect(thread.messages[0]).toMatchObject({ messageId: at().received, text: expect.any(String) });
      }
    }),
    works('threads.get', '`limit`: the newest page first, `page_token` leads to older ones', async () => {
      const newest = await ofAll().get(threadId(), { limit: 1 });
      const older = await ofAll().get(threadId(), { limit: 100, pageToken: newest.nextPageToken ?? '' });
      expect([newest.count, older.messages[0]?.messageId]).toEqual([1, at().received]);
      expect(older.messages.map(({ messageId }) => messageId)).not.toContain(newest.messages[0]?.messageId);
    }),
    works('threads.get', 'an unknown one, of another inbox or organization: NotFoundError', async () => {
      const other = await at().am.inboxes.create();
      await Promise.all(
        [ofAll().get('unknown'), ofInbox().get(other.inboxId, threadId()), at().stranger.threads.get(threadId())].map(
          (asked) => refused(asked, ABSENT, AgentMail.NotFoundError),
        ),
      );
    }),
    works('threads.getAttachment', '`download_url` of a file of one of its messages', async () => {
      const { attachments = [] } = await ofAll().get(threadId());
      const id = attachments.find(({ filename }) => filename === 'numbers.csv')?.attachmentId ?? '';
      for (const got of [
        await ofAll().getAttachment(threadId(), id),
        await ofInbox().getAttachment(inboxId(), threadId(), id),
      ])
        expect(await (await fetch(got.downloadUrl)).text()).toBe('a,b');
      await refused(ofAll().getAttachment(at().delivered.threadId, id), ABSENT, AgentMail.NotFoundError);
    }),
    works('threads.update', '`add_labels` and `remove_labels`; what stands in both is removed', async () => {
      const update = (body: AgentMail.UpdateThreadRequest) => ofAll().update(at().delivered.threadId, body);
      expect((await update({ addLabels: ['hot', 'cold'] })).labels).toEqual(expect.arrayContaining(['hot', 'cold']));
      const { labels } = await ofInbox().update(inboxId(), at().delivered.threadId, {
        addLabels: ['hot', 'warm'],
        removeLabels: ['hot', 'cold'],
      });
      expect(labels).toEqual(expect.arrayContaining(['warm', 'kept']));
      expect(labels).not.toEqual(expect.arrayContaining(['hot']));
    }),
    works('threads.update', 'a label of the system: ValidationError', async () => {
      await refused(ofAll().update(threadId(), { removeLabels: ['unread'] }), INVALID, AgentMail.ValidationError);
    }),
    differs(
      'threads.update',
      'labels of the thread are those of its messages',
      'A thread has labels of its own beside them; also with 100 messages and more.',
      async () => {
        await ofAll().update(at().delivered.threadId, { addLabels: ['of-thread'] });
        const message = await at().am.inboxes.messages.get(inboxId(), at().delivered.messageId);
        expect(message.labels).not.toContain('of-thread');
      },
    ),
    differs(
      'threads.search',
      '`q`, each thread with `highlights`',
      'Of several hits on a page the best is shown; the words are those of `messages.search`.',
      async () => {
        for (const found of [await ofAll().search({ q: 'rose' }), await ofInbox().search(inboxId(), { q: 'rose' })]) {
          const hit = found.threads.find((thread) => thread.threadId === threadId());
          expect(hit).toMatchObject({ subject: 'Re: Quarterly numbers', highlights: { text: expect.any(Array) } });
        }
      },
    ),
    works('threads.delete', 'with all its messages', async () => {
      const sent = await at().am.inboxes.messages.send(inboxId(), { to: TO, text: 'Gone' });
      await at().settled(sent.messageId);
      await ofAll().delete(sent.threadId);
      await refused(ofAll().get(sent.threadId), ABSENT, AgentMail.NotFoundError);
      await refused(at().am.inboxes.messages.get(inboxId(), sent.messageId), ABSENT, AgentMail.NotFoundError);
    }),
  ];
};
