import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ForwardMessage,
  GetThread,
  ListMessages,
  MessageAcceptedV1,
  newId,
  ReplyToMessage,
  SendMessage,
  type CommandContext,
  type Inbox,
  type Message,
} from '@postern/contracts';
import type { AppError } from '@postern/platform';
import { callerOf, waitFor, type ServiceUnderTest } from '@postern/testing';
import { Harness } from './harness.js';
import { mailComes } from './scanned-mail.js';

const AT_ONCE = 20;

let harness: Harness;
let sut: ServiceUnderTest;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  harness = await Harness.start();
  sut = harness.sut;
  caller = callerOf();
  inbox = await harness.newInbox(caller);
});
afterAll(() => harness.stop());

const terms = () => ({ messageId: newId('msg'), inDoubt: 'resend' as const });
const reply = (id: string, body: object = {}, more: object = {}): Promise<Message> =>
  sut.ask(ReplyToMessage, caller, { id, body: { text: 'Re', reply_all: false, ...body }, ...terms(), ...more });

async function inboundOf(of: Inbox, count: number): Promise<Message[]> {
  return waitFor(async () => {
    const query = { limit: 100, direction: 'inbound' as const };
    const page = await sut.ask(ListMessages, caller, { inbox: of.id, query, readWithheld: false });
    return page.data.length >= count ? page.data : null;
  }, `${count} mails`);
}

const refusal = (send: Promise<unknown>): Promise<AppError> =>
  send.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => error as AppError,
  );

describe('a thread', () => {
  it(`is one for ${AT_ONCE} first replies at once, of both sides`, async () => {
    const mine = await harness.newInbox(caller);
    const first = await harness.send(caller, mine);
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        n % 2 === 0 ? mailComes(sut, caller, mine, { inReplyTo: [String(first.own_message_id)] }) : reply(first.id),
      ),
    );
    const mails = await inboundOf(mine, AT_ONCE / 2);
    expect(new Set(mails.map(({ thread_id }) => thread_id))).toEqual(new Set([first.thread_id]));
    const thread = await sut.ask(GetThread, caller, { id: first.thread_id });
    expect(thread.message_count).toBe(AT_ONCE + 1);
  });

  it('of the nearest known ancestor wins: In-Reply-To, then References from the right', async () => {
    const mine = await harness.newInbox(caller);
    const [one, two] = [await harness.send(caller, mine), await harness.send(caller, mine)];
    const [a, b] = [String(one.own_message_id), String(two.own_message_id)];
    await mailComes(sut, caller, mine, { subject: '1', inReplyTo: [a], references: [a, b] });
    await mailComes(sut, caller, mine, { subject: '2', inReplyTo: ['<unknown@x>'], references: [a, b, '<unknown@x>'] });
    await mailComes(sut, caller, mine, { subject: 'Re: Hello' });
    const bySubject = new Map((await inboundOf(mine, 3)).map((mail) => [mail.subject, mail.thread_id]));
    expect(bySubject.get('1')).toBe(one.thread_id);
    expect(bySubject.get('2')).toBe(two.thread_id);
    expect([one.thread_id, two.thread_id]).not.toContain(bySubject.get('Re: Hello'));
  });

  it('that a send names wins over its headers, and must be of the inbox', async () => {
    const [one, two] = [await harness.send(caller, inbox), await harness.send(caller, inbox)];
    const named = { thread_id: one.thread_id, in_reply_to: String(two.own_message_id) };
    expect(await harness.send(caller, inbox, named)).toMatchObject({ thread_id: one.thread_id });
    const other = await harness.newInbox(caller);
    for (const thread_id of [(await harness.send(caller, other)).thread_id, newId('thr')]) {
      expect(await refusal(harness.send(caller, inbox, { thread_id }))).toMatchObject({
        code: 'validation_error',
        details: { issues: [{ path: 'thread_id' }] },
      });
    }
  });
});

describe('what an accepted message answers', () => {
  const answersOf = ({ id }: Message) =>
    waitFor(
      async () => (await sut.bus.factsOf(MessageAcceptedV1)).find(({ data }) => data.message.id === id),
      'the fact',
    ).then(({ data }) => data.answers);

  it('is the nearest mail that came, with those who wrote it', async () => {
    const mine = await harness.newInbox(caller);
    const header = `<${newId('msg')}@example.com>`;
    await mailComes(sut, caller, mine, {
      messageIdHeader: header,
      from: { address: 'Ann@Example.com', name: null },
      replyTo: [
        { address: 'team@bücher.example', name: null },
        { address: 'ann@example.com', name: null },
      ],
    });
    const [mail] = await inboundOf(mine, 1);
    const mailId = String(mail?.id);
    const answered = { messageId: mailId, addresses: ['ann@example.com', 'team@xn--bcher-kva.example'] };
    const answer = await reply(mailId);
    expect(await answersOf(answer)).toEqual(answered);
    expect(await answersOf(await harness.send(caller, mine, { in_reply_to: header }))).toEqual(answered);
    // Going on after one's own answer is still an answer, and so is going on in the thread.
    expect(await answersOf(await reply(answer.id))).toEqual(answered);
    expect(await answersOf(await harness.send(caller, mine, { thread_id: answer.thread_id }))).toEqual(answered);
  });

  it('is nothing for a first message, a forward, one that follows own mail only, and mail of another inbox', async () => {
    const mine = await harness.newInbox(caller);
    const mail = `msg_${await mailComes(sut, caller, mine, { messageIdHeader: '<there@example.com>' })}`;
    await inboundOf(mine, 1);
    const first = await harness.send(caller, inbox);
    const forward = await sut.ask(ForwardMessage, caller, {
      id: mail,
      body: { to: [{ address: 'bob@example.com', name: null }], include_attachments: true },
      ...terms(),
      reads: 'everything',
    });
    const others = [
      first,
      forward,
      await reply(first.id),
      await harness.send(caller, inbox, { in_reply_to: '<there@example.com>' }),
    ];
    for (const other of others) expect(await answersOf(other)).toBeNull();
  });
});

describe('a send that depends on the last message', () => {
  const guarded = (last: Message, body: object = {}, more: object = {}): Promise<Message> =>
    sut.ask(SendMessage, caller, {
      inbox: inbox.id,
      body: {
        to: [{ address: 'ann@example.com', name: null }],
        text: 'Guarded',
        thread_id: last.thread_id,
        if_thread_last_message_id: last.id,
        ...body,
      },
      ...terms(),
      ...more,
    });

  it(`is accepted once of ${AT_ONCE} at once`, async () => {
    const last = await harness.send(caller, inbox);
    const outcomes = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => guarded(last)));
    const accepted = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(accepted).toHaveLength(1);
    for (const one of outcomes) {
      if (one.status === 'rejected') {
        expect(one.reason).toMatchObject({
          code: 'stale_thread',
          httpStatus: 409,
          details: { messages: [{ id: accepted[0]?.id }] },
        });
      }
    }
    expect((await sut.ask(GetThread, caller, { id: last.thread_id })).message_count).toBe(2);
  });

  it('is told the newer messages, as far as the caller may read', async () => {
    const last = await harness.send(caller, inbox);
    await mailComes(sut, caller, inbox, { inReplyTo: [String(last.own_message_id)], subject: 'Secret' }, 'withheld');
    await waitFor(
      async () => (await sut.ask(GetThread, caller, { id: last.thread_id })).message_count === 2,
      'the mail in the thread',
    );
    const told = async (reads?: string) => (await refusal(guarded(last, {}, { reads }))).details?.['messages'];
    expect(await told('everything')).toEqual([expect.objectContaining({ subject: 'Secret', text: 'Thanks' })]);
    expect(await told('unwithheld')).toEqual([expect.objectContaining({ subject: null, text: null })]);
    const [bare] = (await told()) as object[];
    expect(Object.keys(bare ?? {}).toSorted()).toEqual(['created_at', 'direction', 'id', 'thread_id']);
  });

  it('leaves nothing when it is refused, and may be repeated with its key', async () => {
    const last = await harness.send(caller, inbox);
    const next = await guarded(last);
    const once = { ...caller, idempotency: { key: newId('msg'), scope: 'POST /v1/messages', bodyHash: 'h' } };
    const send = (body: object) => harness.send(once, inbox, { thread_id: last.thread_id, ...body });
    expect(await refusal(send({ if_thread_last_message_id: last.id }))).toMatchObject({ code: 'stale_thread' });
    const accepted = await send({ if_thread_last_message_id: next.id });
    // A replay wins over a thread that has moved on since.
    expect((await send({ if_thread_last_message_id: next.id })).id).toBe(accepted.id);
  });

  it('says so when there is no thread to look at', async () => {
    const last = await harness.send(caller, inbox);
    const refused = await refusal(harness.send(caller, inbox, { if_thread_last_message_id: last.id }));
    expect(refused).toMatchObject({ details: { issues: [{ path: 'if_thread_last_message_id' }] } });
  });
});

describe('a withheld mail', () => {
  it('is answered with the right to read it only, and forwarded by nobody', async () => {
    const mine = await harness.newInbox(caller);
    await mailComes(sut, caller, mine, {}, 'withheld');
    const [mail] = await inboundOf(mine, 1);
    const id = String(mail?.id);
    expect(await refusal(reply(id, {}, { reads: 'unwithheld' }))).toMatchObject({ code: 'forbidden' });
    expect(await reply(id, {}, { reads: 'everything' })).toMatchObject({ subject: 'Re: Hello' });
    const forward = (reads?: 'unwithheld' | 'everything') =>
      sut.ask(ForwardMessage, caller, {
        id,
        body: { to: [{ address: 'bob@example.com', name: null }], include_attachments: true },
        ...terms(),
        ...(reads && { reads }),
      });
    expect(await refusal(forward('unwithheld'))).toMatchObject({ code: 'forbidden' });
    expect(await refusal(forward('everything'))).toMatchObject({ code: 'invalid_state' });
  });

  it('is not there for another tenant', async () => {
    const message = await harness.send(caller, inbox);
    const stranger = sut.ask(ReplyToMessage, callerOf(), {
      id: message.id,
      body: { text: 'x', reply_all: false },
      ...terms(),
    });
    expect(await refusal(stranger)).toMatchObject({ code: 'not_found' });
  });
});
