import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { ABSENT, differs, INVALID, lacks, refused, works } from './row.js';
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
    works('drafts.create', '`client_id`: the same request again gives the same draft', async () => {
      const body = { clientId: unique('client'), subject: 'Once' };
      expect((await create(body)).draftId).toBe((await create(body)).draftId);
    }),
    differs('Draft', '`client_id`', 'It is not shown.', async () => {
      expect((await create({ clientId: unique('client') })).clientId).toBeUndefined();
    }),
    differs(
      'drafts.create',
      '`in_reply_to`: recipients and subject come from that message',
      'The thread does; name the recipients in `to`.',
      async () => {
        const draft = await create({ inReplyTo: at().received, to: [TO], text: 'Soon' });
        expect(draft.inReplyTo).toMatch(/^<.+>$/);
        expect((await drafts().send(inboxId(), draft.draftId, {})).threadId).toBe(at().answered.threadId);
        await refused(create({ inReplyTo: at().received }), INVALID, AgentMail.ValidationError);
      },
    ),
    lacks(
      'drafts.create',
      '`reply_all`, `forward_of`',
      'Reply to all or forward with the message itself.',
      async () => {
        await refused(create({ inReplyTo: at().received, to: [TO], replyAll: true }), INVALID);
        await refused(create({ forwardOf: at().received, to: [TO] }), INVALID);
      },
    ),
    lacks(
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
    lacks('drafts.list', 'over all inboxes', 'Drafts are listed by inbox.', async () => {
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
