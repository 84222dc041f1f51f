import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { ABSENT, INVALID, refused } from './row.js';
import { type Setting, TO } from './setting.js';

const file = (filename: string) => ({ filename, content: Buffer.from(filename).toString('base64') });

export const draftRows = (at: () => Setting): ConformanceRow[] => {
  const inboxId = () => at().inbox.inboxId;
  const drafts = () => at().am.inboxes.drafts;
  const create = (body: AgentMail.CreateDraftRequest) => drafts().create(inboxId(), body);
  return [
    works(
      'drafts.create',
      '`to`, `cc`, `bcc`, `reply_to`, `subject`, `text`, `html`, `labels`, `attachments`',
      async () => {
        const draft = await create({
          to: [`Ann <${TO}>`],
          cc: ['c@example.com'],
          bcc: ['d@example.com'],
          replyTo: ['desk@example.com'],
          subject: 'Draft',
          text: 'Text',
          html: '<p>Text</p>',
          labels: ['check'],
          attachments: [file('a.txt')],
        });
        expect(draft).toMatchObject({
          inboxId: inboxId(),
          to: [`Ann <${TO}>`],
          cc: ['c@example.com'],
          bcc: ['d@example.com'],
          replyTo: ['desk@example.com'],
          subject: 'Draft',
          preview: 'Text',
          text: 'Text',
          html: '<p>Text</p>',
          labels: ['check'],
          attachments: [{ filename: 'a.txt', size: 5 }],
          createdAt: expect.any(Date),
          updatedAt: expect.any(Date),
        });
        expect(await drafts().get(inboxId(), draft.draftId)).toEqual(draft);
        expect(await at().am.drafts.get(draft.draftId)).toEqual(draft);
      },
    ),
    works('drafts.create', '`client_id`: the same request again gives the same draft, which shows it', async () => {
      const body = { clientId: unique('client'), subject: 'Once' };
      const draft = await create(body);
      expect([draft.clientId, await create(body)]).toEqual([body.clientId, draft]);
    }),
    works('drafts.create', '`in_reply_to`: an answer in the thread, to its sender', async () => {
      const draft = await create({ inReplyTo: at().received, text: 'Soon', attachments: [file('soon.txt')] });
      expect(draft.inReplyTo).toBe(at().received);
      const sent = await drafts().send(inboxId(), draft.draftId, {});
      expect(sent.threadId).toBe(at().answered.threadId);
      expect(await at().am.inboxes.messages.get(inboxId(), sent.messageId)).toMatchObject({
        to: ['Ann <ann@example.com>'],
        subject: 'Re: Quarterly numbers',
        text: 'Soon',
        attachments: [{ filename: 'soon.txt' }],
      });
      await refused(drafts().get(inboxId(), draft.draftId), ABSENT, AgentMail.NotFoundError);
    }),
    works('drafts.create', '`reply_all`, and not together with `to`: ValidationError', async () => {
      const draft = await create({ inReplyTo: at().received, replyAll: true, text: 'All of you' });
      expect((await drafts().send(inboxId(), draft.draftId, {})).threadId).toBe(at().answered.threadId);
      const both = create({ inReplyTo: at().received, replyAll: true, to: [TO] });
      await refused(both, INVALID, AgentMail.ValidationError);
    }),
    works('drafts.create', '`forward_of`: with the message and its files, which come when it is sent', async () => {
      const draft = await create({ forwardOf: at().received, to: [TO], text: 'Please look' });
      expect(draft.forwardOf).toBe(at().received);
      const sent = await drafts().send(inboxId(), draft.draftId, {});
      expect(await at().am.inboxes.messages.get(inboxId(), sent.messageId)).toMatchObject({
        subject: expect.stringMatching(/^Fwd: /),
        text: expect.stringMatching(/^Please look[^]*They rose & fell/),
        attachments: [{ filename: 'numbers.csv' }],
      });
    }),
    works(
      'drafts.create',
      '`in_reply_to` with `forward_of`: ValidationError; of an unknown one: NotFoundError',
      async () => {
        const both = create({ inReplyTo: at().received, forwardOf: at().received });
        await refused(both, INVALID, AgentMail.ValidationError);
        await refused(create({ inReplyTo: '<unknown@example.com>' }), ABSENT, AgentMail.NotFoundError);
      },
    ),
    differs(
      'Draft',
      'recipients and subject of an answer are in the draft',
      'They are set when it is sent; a retry after that is 404, and sends nothing.',
      async () => {
        const draft = await create({ inReplyTo: at().received, text: 'Later' });
        expect([draft.to, draft.subject]).toEqual([undefined, undefined]);
        const ask = () =>
          drafts().send(inboxId(), draft.draftId, {}, { headers: { 'Idempotency-Key': draft.draftId } });
        await ask();
        await refused(ask(), ABSENT, AgentMail.NotFoundError);
      },
    ),
    notOffered(
      'drafts.create',
      '`send_at`',
      'A draft waits until it is sent; `POST /v1/messages` schedules with `send_at`.',
      async () => {
        await refused(create({ to: [TO], text: 'x', sendAt: new Date(Date.now() + 3_600_000) }), INVALID);
      },
    ),
    works('drafts.list', 'with `limit`, `page_token` and `labels`', async () => {
      const label = unique('label');
      const made = [await create({ labels: [label] }), await create({ labels: [label] })];
      const first = await drafts().list(inboxId(), { labels: [label], limit: 1 });
      const next = await drafts().list(inboxId(), { labels: [label], pageToken: first.nextPageToken ?? '' });
      expect([...first.drafts, ...next.drafts].map(({ draftId }) => draftId).toSorted()).toEqual(
        made.map(({ draftId }) => draftId).toSorted(),
      );
    }),
    works('drafts.list', '`before` and `after`', async () => {
      const label = unique('label');
      const { updatedAt } = await create({ labels: [label] });
      const count = async (query: object) => (await drafts().list(inboxId(), { labels: [label], ...query })).count;
      expect([await count({ before: updatedAt }), await count({ after: updatedAt })]).toEqual([0, 1]);
    }),
    notOffered('drafts.list', 'over all inboxes', 'Drafts are listed by inbox.', async () => {
      await refused(at().am.drafts.list(), ABSENT, AgentMail.NotFoundError);
    }),
    works('drafts.update', 'what is absent stays, null clears; attachments are added and removed', async () => {
      const draft = await create({ to: [TO], subject: 'A', text: 'A', attachments: [file('a.txt')], labels: ['x'] });
      const changed = await drafts().update(inboxId(), draft.draftId, {
        subject: 'B',
        text: null,
        html: '<p>B</p>',
        addAttachments: [file('b.txt')],
        removeAttachments: [draft.attachments?.[0]?.attachmentId ?? ''],
        addLabels: ['y'],
        removeLabels: ['x'],
      });
      expect(changed).toMatchObject({ to: [TO], subject: 'B', html: '<p>B</p>', labels: ['y'] });
      expect([changed.text, changed.attachments?.map(({ filename }) => filename)]).toEqual([undefined, ['b.txt']]);
      expect((await drafts().update(inboxId(), draft.draftId, { to: [] })).to).toBeUndefined();
    }),
    works('drafts.getAttachment', '`download_url` gives the file without a key', async () => {
      const draft = await create({ attachments: [file('note.txt')] });
      const id = draft.attachments?.[0]?.attachmentId ?? '';
      for (const got of [
        await drafts().getAttachment(inboxId(), draft.draftId, id),
        await at().am.drafts.getAttachment(draft.draftId, id),
      ])
        expect(await (await fetch(got.downloadUrl)).text()).toBe('note.txt');
    }),
    works('drafts.send', 'gives the ids of the message, with `add_labels`; the draft is gone', async () => {
      const draft = await create({ to: [TO], subject: 'Now', text: 'Now', labels: ['from-draft'] });
      const sent = await drafts().send(inboxId(), draft.draftId, { addLabels: ['sent-now'] });
      const { labels } = await at().am.inboxes.messages.get(inboxId(), sent.messageId);
      expect(labels).toEqual(expect.arrayContaining(['from-draft', 'sent-now']));
      await refused(drafts().get(inboxId(), draft.draftId), ABSENT, AgentMail.NotFoundError);
    }),
    works('drafts.send', '`Idempotency-Key`: a retry gives the first ids', async () => {
      const draft = await create({ to: [TO], text: 'Once' });
      const ask = () => drafts().send(inboxId(), draft.draftId, {}, { headers: { 'Idempotency-Key': 'send-once' } });
      const first = await ask();
      expect(await ask()).toEqual(first);
    }),
    works('drafts.send', 'a draft without recipients or text: ValidationError', async () => {
      const draft = await create({ subject: 'Nothing' });
      await refused(drafts().send(inboxId(), draft.draftId, {}), INVALID, AgentMail.ValidationError);
    }),
    works('drafts.delete', 'the draft is gone', async () => {
      const draft = await create({ subject: 'Gone' });
      await drafts().delete(inboxId(), draft.draftId);
      await refused(drafts().delete(inboxId(), draft.draftId), ABSENT, AgentMail.NotFoundError);
    }),
  ];
};
