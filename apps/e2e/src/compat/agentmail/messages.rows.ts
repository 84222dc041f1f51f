import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { ABSENT, INVALID, refused } from './row.js';
import { type Setting, TO } from './setting.js';

export const messageRows = (at: () => Setting): ConformanceRow[] => {
  const messages = () => at().am.inboxes.messages;
  const inboxId = () => at().inbox.inboxId;
  const list = (query: AgentMail.inboxes.ListMessagesRequest) => messages().list(inboxId(), query);
  const idsOf = async (query: AgentMail.inboxes.ListMessagesRequest) =>
    (await list({ limit: 100, ...query })).messages.map(({ messageId }) => messageId);
  const shown = (id: string) => messages().get(inboxId(), id);
  const fresh = () => messages().send(inboxId(), { to: TO, subject: 'Fresh', text: 'Fresh' });
  return [
    works('messages.list', 'newest first, with `limit`, `page_token` and `next_page_token`', async () => {
      const first = await list({ limit: 2 });
      expect([first.count, first.limit, first.messages.length]).toEqual([2, 2, 2]);
      const next = await list({ limit: 2, pageToken: first.nextPageToken ?? '' });
      const ids = [...first.messages, ...next.messages].map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(4);
    }),
    works('messages.list', 'a wrong `page_token` or `limit`: ValidationError', async () => {
      await refused(list({ pageToken: 'x.y' }), INVALID);
      await refused(list({ limit: 0 }), INVALID);
    }),
    works('messages.list', 'each with preview, labels, attachments and timestamps', async () => {
      const [item] = (await list({ labels: ['kept'] })).messages;
      expect(item).toMatchObject({
        inboxId: inboxId(),
        threadId: at().delivered.threadId,
        messageId: at().delivered.messageId,
        from: `Agent <${inboxId()}>`,
        to: [TO],
        preview: 'All is well.',
        timestamp: expect.any(Date),
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
      });
      expect(item?.attachments).toHaveLength(2);
    }),
    works(
      'messages.list',
      '`labels`: those a client gave, `sent`, `received`, `unread`; all must be there',
      async () => {
        expect(await idsOf({ labels: ['kept', 'sent'] })).toEqual([at().delivered.messageId]);
        expect(await idsOf({ labels: ['received', 'unread'] })).toEqual([at().received]);
        expect(await idsOf({ labels: ['kept', 'received'] })).toEqual([]);
      },
    ),
    works('messages.list', '`from`, `to`, `subject`: parts, in any case', async () => {
      expect(await idsOf({ from: ['ANN@exam'] })).toEqual([at().received]);
      expect(await idsOf({ subject: ['weekly', 'REP'], to: ['simulator'] })).toEqual([at().delivered.messageId]);
      expect(await idsOf({ from: ['ann', 'bob'] })).toEqual([]);
    }),
    works('messages.list', '`before` and `after`', async () => {
      const { createdAt } = await shown(at().delivered.messageId);
      expect(await idsOf({ labels: ['kept'], before: createdAt })).toEqual([]);
      expect(await idsOf({ labels: ['kept'], after: new Date(createdAt.getTime() - 1) })).toHaveLength(1);
    }),
    notOffered('messages.list', '`ascending`', 'Lists come newest first.', async () => {
      await refused(list({ ascending: true }), INVALID);
    }),
    differs(
      'messages.list',
      '`include_blocked`: what lists of senders kept out',
      'All that the guard withholds is labelled `blocked` and left out without it.',
      async () => {
        expect(await idsOf({})).not.toContain(at().withheld);
        expect(await idsOf({ includeBlocked: true })).toContain(at().withheld);
        expect(await idsOf({ labels: ['blocked'] })).toEqual([at().withheld]);
      },
    ),
    differs(
      'messages.list',
      '`include_spam`, `include_unauthenticated`, `include_trash`',
      'There are no such classes: nothing is left out for them.',
      async () => {
        const all = await idsOf({});
        expect(await idsOf({ includeSpam: true, includeUnauthenticated: true, includeTrash: true })).toEqual(all);
      },
    ),
    works('messages.get', '`text`, `html`, and `extracted_text` without history', async () => {
      const message = await shown(at().received);
      expect(message).toMatchObject({
        labels: ['received', 'unread'],
        from: 'Ann <ann@example.com>',
        text: expect.stringContaining('How are they?'),
        html: expect.stringContaining('They rose'),
        extractedText: expect.stringMatching(/^They rose & fell\.\s*$/),
      });
    }),
    notOffered('messages.get', '`extracted_html`, `headers`', 'The whole mail is in `getRaw`.', async () => {
      const { extractedHtml, headers } = await shown(at().received);
      expect([extractedHtml, headers]).toEqual([undefined, undefined]);
    }),
    differs('messages.get', '`size`', 'Of text, HTML and files; `getRaw` has the size of the mail.', async () => {
      const { size, text = '', html = '', attachments = [] } = await shown(at().received);
      const octets = Buffer.byteLength(text) + Buffer.byteLength(html);
      expect(size).toBe(octets + attachments.reduce((sum, file) => sum + file.size, 0));
    }),
    differs(
      'messages.get',
      'a message that the key may not read: NotFoundError',
      'Withheld mail is there, labelled `blocked`, and content needs the scope `messages:read_withheld`.',
      async () => {
        const key = await at().am.apiKeys.create({
          permissions: { inboxRead: true, messageRead: true, draftRead: true },
        });
        const reader = at().with((key as AgentMail.CreateApiKeyResponse).apiKey);
        const message = await reader.inboxes.messages.get(inboxId(), at().withheld);
        expect([message.labels.includes('blocked'), message.subject, message.text]).toEqual([
          true,
          undefined,
          undefined,
        ]);
        await refused(reader.inboxes.messages.getRaw(inboxId(), at().withheld), [403, 'forbidden']);
      },
    ),
    works('messages.get', 'an unknown one, one of another inbox or organization: NotFoundError', async () => {
      const other = await at().am.inboxes.create();
      await Promise.all(
        [
          shown('<unknown@example.com>'),
          messages().get(other.inboxId, at().received),
          at().stranger.inboxes.messages.get(inboxId(), at().received),
        ].map((asked) => refused(asked, ABSENT, AgentMail.NotFoundError)),
      );
    }),
    works('messages.update', '`add_labels` and `remove_labels`, one or several', async () => {
      const { messageId } = await fresh();
      await messages().update(inboxId(), messageId, { addLabels: ['a', 'b'] });
      const changed = await messages().update(inboxId(), messageId, { addLabels: 'c', removeLabels: 'a' });
      expect(changed.messageId).toBe(messageId);
      expect(changed.labels).toEqual(expect.arrayContaining(['b', 'c']));
      expect(changed.labels).not.toContain('a');
    }),
    differs(
      'messages.update',
      '`read` and `unread` mark what was seen',
      'A message is unread until it has the label `read`: to take one away is to give the other.',
      async () => {
        const seen = await messages().update(inboxId(), at().withheld, {
          addLabels: ['read'],
          removeLabels: ['unread'],
        });
        expect(seen.labels).toEqual(['received', 'blocked', 'read']);
        const unseen = await messages().update(inboxId(), at().withheld, { addLabels: 'unread' });
        expect(unseen.labels).toEqual(['received', 'unread', 'blocked']);
      },
    ),
    works('messages.update', 'no change, or a label of the system: ValidationError', async () => {
      const ask = (body: AgentMail.UpdateMessageRequest) => messages().update(inboxId(), at().received, body);
      await refused(ask({}), INVALID, AgentMail.ValidationError);
      await refused(ask({ addLabels: ['delivered'] }), INVALID, AgentMail.ValidationError);
    }),
    works('messages.batchGet', 'in their order, without bodies and without those that are not there', async () => {
      const messageIds = [at().received, '<unknown@example.com>', at().delivered.messageId];
      const got = await messages().batchGet(inboxId(), { messageIds });
      expect([got.limit, got.count, got.messages.map(({ messageId }) => messageId)]).toEqual([
        3,
        2,
        [at().received, at().delivered.messageId],
      ]);
      expect(got.messages[0]?.text).toBeUndefined();
    }),
    works('messages.batchGet', 'the same id twice: ValidationError', async () => {
      const messageIds = [at().received, at().received];
      await refused(messages().batchGet(inboxId(), { messageIds }), INVALID, AgentMail.ValidationError);
    }),
    differs(
      'messages.batchUpdate',
      'all of up to 50 messages are changed, or none',
      'One after the other: a failure leaves the earlier ones changed. It is safe to repeat.',
      async () => {
        const [first, second] = await Promise.all([fresh(), fresh()]);
        const got = await messages().batchUpdate(inboxId(), {
          messageIds: [first.messageId, '<unknown@example.com>', second.messageId],
          addLabels: ['both'],
        });
        expect([got.limit, got.count]).toEqual([3, 2]);
        expect(got.updates.map(({ labels }) => labels.includes('both'))).toEqual([true, true]);
      },
    ),
    works('messages.delete', 'the message is gone', async () => {
      const { messageId } = await fresh();
      await at().settled(messageId);
      await messages().delete(inboxId(), messageId);
      await refused(shown(messageId), ABSENT, AgentMail.NotFoundError);
    }),
  ];
};
