import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { ABSENT, CONFLICT, INVALID, refused, REJECTED } from './row.js';
import { type Setting, TO } from './setting.js';
import { LEAK } from '../../harness/bait.js';

const mail = { to: TO, subject: 'Hello', text: 'Hi' };

export const sendRows = (at: () => Setting): ConformanceRow[] => {
  const messages = () => at().am.inboxes.messages;
  const send = (body: AgentMail.SendMessageRequest, headers: Record<string, string> = {}) =>
    messages().send(at().inbox.inboxId, body, { headers });
  const shown = async (id: string) => messages().get(at().inbox.inboxId, id);
  return [
    works('messages.send', 'gives `message_id` and `thread_id`, and the mail is delivered', async () => {
      expect(at().delivered).toEqual({ messageId: expect.any(String), threadId: expect.any(String) });
      expect((await shown(at().delivered.messageId)).labels).toEqual(expect.arrayContaining(['sent', 'delivered']));
    }),
    works('messages.send', '`to`, `cc`, `bcc`, `reply_to` as one address or several, with names', async () => {
      const { messageId } = await send({
        ...mail,
        to: [`Ann <${TO}>`, 'b@example.com'],
        cc: 'c@example.com',
        bcc: ['d@example.com'],
        replyTo: 'Desk <desk@example.com>',
      });
      expect(await shown(messageId)).toMatchObject({
        from: `Agent <${at().inbox.email}>`,
        to: [`Ann <${TO}>`, 'b@example.com'],
        cc: ['c@example.com'],
        bcc: ['d@example.com'],
        replyTo: ['Desk <desk@example.com>'],
      });
    }),
    works('messages.send', '`subject`, `text`, `html`, `labels`', async () => {
      expect(await shown(at().delivered.messageId)).toMatchObject({
        subject: 'Weekly report',
        text: 'All is well.',
        html: expect.stringContaining('<b>well</b>'),
        labels: expect.arrayContaining(['kept']),
      });
    }),
    works('messages.send', '`attachments` in base64, beside the text or shown inside by `content_id`', async () => {
      const { attachments = [] } = await shown(at().delivered.messageId);
      expect(attachments).toMatchObject([
        { filename: 'report.txt', size: 4, contentType: 'text/plain', contentDisposition: 'attachment' },
        { filename: 'logo.png', contentDisposition: 'inline', contentId: 'logo' },
      ]);
    }),
    notOffered('messages.send', '`attachments[].url`', 'Postern fetches nothing for senders.', async () => {
      await refused(send({ ...mail, attachments: [{ url: 'https://example.com/a' }] }), INVALID);
    }),
    works('messages.send', '`headers` that begin with X- or List-', async () => {
      expect((await send({ ...mail, headers: { 'X-Campaign': 'a' } })).messageId).toEqual(expect.any(String));
    }),
    notOffered(
      'messages.send',
      'other `headers`',
      'They could forge who wrote or change where mail goes.',
      async () => {
        const asked = send({ ...mail, headers: { Sender: 'x@example.com' } });
        await refused(asked, INVALID, AgentMail.ValidationError);
      },
    ),
    notOffered('messages.send', '`track_opens`', 'No pixel is put into mail; false is taken.', async () => {
      await refused(send({ ...mail, trackOpens: true }), INVALID);
      await send({ ...mail, trackOpens: false });
    }),
    works('messages.send', 'nobody in `to`, `cc` or `bcc`: 422 `unprocessable`', async () => {
      await refused(send({ text: 'Hi' }), [422, 'unprocessable']);
    }),
    differs('messages.send', 'only `cc` or `bcc`', 'Somebody must stand in `to`: 400.', async () => {
      await refused(send({ text: 'Hi', cc: TO }), INVALID, AgentMail.ValidationError);
    }),
    works('messages.send', 'more than 50 recipients: ValidationError with `errors[]`', async () => {
      const to = Array.from({ length: 51 }, (_, n) => `r${n}@example.com`);
      const error = await refused(send({ ...mail, to }), INVALID, AgentMail.ValidationError);
      expect(error.body).toMatchObject({ errors: [{ path: 'to', message: expect.any(String) }] });
    }),
    works('messages.send', 'a label that tells what became of mail: ValidationError', async () => {
      await refused(send({ ...mail, labels: ['sent'] }), INVALID, AgentMail.ValidationError);
    }),
    works('messages.send', '`Idempotency-Key`: a retry gives the first ids and sends nothing', async () => {
      const headers = { 'Idempotency-Key': unique('key') };
      const first = await send(mail, headers);
      expect(await send(mail, headers)).toEqual(first);
    }),
    works('messages.send', '`Idempotency-Key` with another message: ConflictError', async () => {
      const headers = { 'Idempotency-Key': unique('key') };
      await send(mail, headers);
      await refused(send({ ...mail, text: 'Other' }, headers), CONFLICT, AgentMail.ConflictError);
    }),
    works('messages.send', 'an empty `Idempotency-Key`: 400', async () => {
      await refused(send(mail, { 'Idempotency-Key': '' }), INVALID, AgentMail.ValidationError);
    }),
    differs(
      'messages.send',
      'an `Idempotency-Key` of up to 256 characters, one for the whole organization',
      'Up to 255 characters; a key belongs to the inbox and the kind of call it was used with.',
      async () => {
        await refused(send(mail, { 'Idempotency-Key': 'k'.repeat(256) }), INVALID);
        const headers = { 'Idempotency-Key': unique('key') };
        const first = await send(mail, headers);
        const other = await at().am.inboxes.create();
        const elsewhere = await messages().send(other.inboxId, mail, { headers });
        expect(elsewhere.messageId).not.toBe(first.messageId);
      },
    ),
    works('messages.send', 'a recipient on a block list: MessageRejectedError that names it', async () => {
      const entry = `${unique('blocked')}@example.com`;
      await at().am.lists.create('send', 'block', { entry });
      const error = await refused(send({ ...mail, to: entry }), REJECTED, AgentMail.MessageRejectedError);
      expect((error.body as AgentMail.ErrorResponse).message).toContain(entry);
    }),
    differs(
      'messages.send',
      'mail goes out at once, and is labelled `sent`',
      'It is scanned first. What a person must approve is 202, and labelled `held`.',
      async () => {
        const sent = await messages()
          .send(at().inbox.inboxId, { ...mail, text: LEAK })
          .withRawResponse();
        expect(sent.rawResponse.status).toBe(202);
        expect((await shown(sent.data.messageId)).labels).toEqual(['held']);
      },
    ),
    differs(
      'messages.send',
      'a send that the account may not make: MessageRejectedError',
      'So are inboxes that may not send, and what the guard refuses.',
      async () => {
        const { inboxId } = await at().am.inboxes.create();
        const ask = () => messages().send(inboxId, { ...mail, text: LEAK });
        await at().v1.patch(`/v1/inboxes/${inboxId}`, { on_flagged: 'reject' });
        await refused(ask(), REJECTED, AgentMail.MessageRejectedError);
        await at().v1.patch(`/v1/inboxes/${inboxId}`, { security_level: 'receive_only' });
        await refused(ask(), REJECTED, AgentMail.MessageRejectedError);
      },
    ),
    works('messages.send', 'from an unknown inbox: NotFoundError', async () => {
      await refused(messages().send('nobody@example.com', mail), ABSENT, AgentMail.NotFoundError);
    }),
    works('messages.reply', 'goes to the sender, in the same thread, with one "Re:"', async () => {
      const [answer, received] = await Promise.all([shown(at().answered.messageId), shown(at().received)]);
      expect([answer.threadId, answer.to, answer.subject]).toEqual([
        received.threadId,
        ['Ann <ann@example.com>'],
        'Re: Quarterly numbers',
      ]);
      expect(answer.inReplyTo).toEqual(expect.stringMatching(/^<.+>$/));
    }),
    works('messages.reply', '`to`, `cc`, `bcc`, `labels` of its own', async () => {
      const { messageId } = await messages().reply(at().inbox.inboxId, at().received, {
        text: 'To another',
        to: TO,
        cc: ['c@example.com'],
        labels: ['answer'],
      });
      expect(await shown(messageId)).toMatchObject({ to: [TO], cc: ['c@example.com'] });
    }),
    works('messages.reply', '`reply_all`, and not together with `to`: ValidationError', async () => {
      const reply = (body: AgentMail.ReplyToMessageRequest) =>
        messages().reply(at().inbox.inboxId, at().received, { text: 'All', ...body });
      expect((await reply({ replyAll: true })).threadId).toBe(at().answered.threadId);
      await refused(reply({ replyAll: true, to: TO }), INVALID, AgentMail.ValidationError);
    }),
    works('messages.replyAll', 'to everybody in the message', async () => {
      const { messageId } = await messages().replyAll(at().inbox.inboxId, at().received, { text: 'All of you' });
      expect((await shown(messageId)).to).toEqual(['Ann <ann@example.com>']);
    }),
    works('messages.forward', 'with the text above, the message below and its files', async () => {
      const body = { to: TO, text: 'Please look' };
      const { messageId } = await messages().forward(at().inbox.inboxId, at().received, body);
      const forwarded = await shown(messageId);
      expect(forwarded.subject).toMatch(/^Fwd: /);
      expect(forwarded.text).toMatch(/^Please look[^]*They rose & fell/);
      expect(forwarded.attachments).toMatchObject([{ filename: 'numbers.csv' }]);
    }),
    works('messages.reply, forward', 'to an unknown message, or one of another inbox: NotFoundError', async () => {
      const other = await at().am.inboxes.create();
      await Promise.all(
        [
          messages().reply(other.inboxId, at().received, { text: 'x' }),
          messages().forward(at().inbox.inboxId, '<unknown@example.com>', mail),
        ].map((asked) => refused(asked, ABSENT, AgentMail.NotFoundError)),
      );
    }),
  ];
};
