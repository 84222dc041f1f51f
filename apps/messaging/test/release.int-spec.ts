import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DeleteMessage,
  GetAttachment,
  GetMessage,
  GetRawMessage,
  GetThread,
  ListMessages,
  ListThreads,
  ListThreadMessages,
  MessageDeletedV1,
  MessageReceivedV1,
  MessageReleasedV1,
  newId,
  ReleaseMessage,
  type CommandContext,
  type InboundMail,
  type Inbox,
  type MessageId,
} from '@postern/contracts';
import { callerOf, untilDone, waitFor, type ServiceUnderTest } from '@postern/testing';
import { Harness } from './harness.js';
import { mailComes } from './scanned-mail.js';

/** Stands in everything that the sender chose and nobody may see. */
const CANARY = 'kingfisher';
const SHA = 'b'.repeat(64);

let harness: Harness;
let sut: ServiceUnderTest;

beforeAll(async () => {
  harness = await Harness.start();
  sut = harness.sut;
});
afterAll(() => harness.stop());

const mail: Partial<InboundMail> = {
  subject: `About the ${CANARY}`,
  text: `The ${CANARY} sings`,
  html: `<p>The ${CANARY} sings</p>`,
  attachments: [
    {
      filename: `${CANARY}.pdf`,
      contentType: 'application/pdf',
      disposition: 'attachment',
      contentId: null,
      content: { sha256: SHA, sizeBytes: 3 },
    },
  ],
};

async function withheld(caller: CommandContext, inbox: Inbox): Promise<MessageId> {
  const id = await mailComes(sut, caller, inbox, mail, 'withheld');
  const message = await waitFor(async () => {
    const page = await sut.ask(ListMessages, caller, { inbox: inbox.id, query: { limit: 25 }, readWithheld: false });
    return page.data.find((one) => one.id.slice(4) === id);
  }, 'the mail to become a message');
  return message.id;
}

const release = (caller: CommandContext, id: string) => sut.ask(ReleaseMessage, caller, { id });

describe('a withheld message', () => {
  it('is told nowhere to those who may not read it', async () => {
    const caller = callerOf();
    const inbox = await harness.newInbox(caller);
    const id = await withheld(caller, inbox);
    const readWithheld = false;
    const query = { limit: 25 };
    const message = await sut.ask(GetMessage, caller, { id, readWithheld });
    const said = await Promise.all([
      message,
      sut.ask(ListMessages, caller, { inbox: null, query, readWithheld }),
      sut.ask(ListThreads, caller, { inbox: inbox.id, query }),
      sut.ask(GetThread, caller, { id: message.thread_id }),
      sut.ask(ListThreadMessages, caller, { id: message.thread_id, query, readWithheld }),
      sut.bus.factsOf(MessageReceivedV1),
    ]);
    expect(JSON.stringify(said)).not.toContain(CANARY);
    for (const filter of [{ q: CANARY }, { subject: CANARY }, { q: `sings -${CANARY}` }]) {
      const found = await sut.ask(ListMessages, caller, { inbox: null, query: { ...query, ...filter }, readWithheld });
      expect(found.data).toEqual([]);
    }
    const attachment = message.attachments[0]?.id ?? '';
    await expect(sut.ask(GetRawMessage, caller, { id, readWithheld })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(sut.ask(GetAttachment, caller, { id: attachment, readWithheld })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const seen = await sut.ask(GetMessage, caller, { id, readWithheld: true });
    expect(seen).toMatchObject({
      subject: mail.subject,
      text: mail.text,
      attachments: [{ filename: `${CANARY}.pdf` }],
    });
  });
});

describe('released', () => {
  it('it is a message like any other, and everybody is told', async () => {
    const caller = callerOf();
    const inbox = await harness.newInbox(caller);
    const id = await withheld(caller, inbox);
    const message = await release(caller, id);
    expect(message).toMatchObject({ security_status: 'clean', delivery_status: 'received', text: mail.text });
    expect(message.attachments[0]?.filename).toBe(`${CANARY}.pdf`);
    expect(await sut.ask(GetThread, caller, { id: message.thread_id })).toMatchObject({ subject: mail.subject });
    const query = { limit: 25, q: CANARY };
    expect((await sut.ask(ListMessages, caller, { inbox: null, query, readWithheld: false })).data).toHaveLength(1);
    const [fact] = (await sut.bus.factsOf(MessageReleasedV1)).filter(({ data }) => data.message.id === id);
    expect(fact?.data).toMatchObject({ version: 2, actor: caller.keyId, message: { subject: mail.subject } });
    expect(JSON.parse(Buffer.from(fact?.data.body.inline ?? '', 'base64').toString())).toMatchObject({
      text: mail.text,
      html: mail.html,
    });
  });

  it('it is once: again is an error, and a repeat of the request gets the first answer', async () => {
    const caller = callerOf();
    const id = await withheld(caller, await harness.newInbox(caller));
    const idempotency = { key: 'once', scope: `POST /v1/messages/${id}/release`, bodyHash: 'a'.repeat(64) };
    const once = () => release({ ...caller, idempotency }, id);
    const replies = await Promise.all(Array.from({ length: 8 }, () => untilDone(once)));
    expect(new Set(replies.map((reply) => reply.id))).toEqual(new Set([id]));
    await expect(release(caller, id)).rejects.toMatchObject({ code: 'invalid_state' });
    const facts = (await sut.bus.factsOf(MessageReleasedV1)).filter(({ data }) => data.message.id === id);
    expect(facts).toHaveLength(1);
  });

  it('only what is withheld can be, and by nobody from elsewhere', async () => {
    const caller = callerOf();
    const inbox = await harness.newInbox(caller);
    const sent = await harness.send(caller, inbox);
    await expect(release(caller, sent.id)).rejects.toMatchObject({ code: 'invalid_state' });
    const id = await withheld(caller, inbox);
    for (const other of [callerOf(), { ...caller, mode: 'test' as const }, { ...caller, inboxIds: [newId('inb')] }]) {
      await expect(release(other, id)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('or deleted at the same time: whichever is first, the message ends deleted and is told in order', async () => {
    const caller = callerOf();
    const inbox = await harness.newInbox(caller);
    const ids: MessageId[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await withheld(caller, inbox));
    const outcomes = await Promise.all(
      ids.map(async (id, n) => {
        const calls = [() => release(caller, id), () => sut.ask(DeleteMessage, caller, { id })];
        const [first, second] = n % 2 === 0 ? calls : calls.toReversed();
        const results = await Promise.allSettled([first?.(), second?.()]);
        return results.at(n % 2)?.status;
      }),
    );
    const released = new Map((await sut.bus.factsOf(MessageReleasedV1)).map(({ data }) => [data.message.id, data]));
    const deleted = await waitFor(async () => {
      const facts = (await sut.bus.factsOf(MessageDeletedV1)).filter(({ data }) => ids.includes(data.messageId));
      return facts.length === ids.length ? facts : null;
    }, 'all to be deleted');
    expect(ids.map((id) => released.has(id))).toEqual(outcomes.map((outcome) => outcome === 'fulfilled'));
    for (const { data } of deleted) expect(data.version).toBe((released.get(data.messageId)?.version ?? 1) + 1);
    for (const id of ids) await expect(harness.read(caller, id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
