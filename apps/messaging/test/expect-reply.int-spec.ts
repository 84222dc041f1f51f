import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ExpectReply,
  FEEDBACK_EVENTS,
  type ExpectedReply,
  type Inbox,
  type Message,
  newId,
  ScanOutboundRejectedV1,
  ThreadReplyResolvedV1,
} from '@postern/contracts';
import { callerOf, inLockOrder, waitFor } from '@postern/testing';
import { CLEAN, Harness, sentFact } from './harness.js';
import { mailComes } from './scanned-mail.js';

const HOUR_MS = 3_600_000;
const caller = callerOf();
let harness: Harness;
let inbox: Inbox;
let message: Message;

beforeAll(async () => {
  harness = await Harness.start();
  inbox = await harness.newInbox(caller);
});
afterAll(() => harness.stop());
beforeEach(async () => {
  message = await harness.send(caller, inbox);
});

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const expectIn = (threadId: string, by = inMs(HOUR_MS), who = caller): Promise<ExpectedReply> =>
  harness.sut.ask(ExpectReply, who, { id: threadId, by });
const answered = (given: object = {}): Promise<string> =>
  mailComes(harness.sut, caller, inbox, { inReplyTo: [message.message_id_header ?? ''], ...given });
const bounces = (of: Message, addresses: string[]): Promise<unknown> =>
  harness.sut.bus.publish(FEEDBACK_EVENTS.bounced, {
    organizationId: caller.organizationId,
    mode: caller.mode,
    data: {
      kind: 'bounced',
      sesMessageId: sentFact(of).sesMessageId,
      messageId: of.id,
      attempt: 1,
      recipients: addresses.map((address) => ({ address, status: '5.1.1', diagnostic: 'No such user' })),
      type: 'Permanent',
      subType: 'General',
      at: new Date().toISOString(),
    },
  });
const toldOf = async (threadId: string): Promise<ExpectedReply[]> =>
  (await harness.sut.bus.factsOf(ThreadReplyResolvedV1))
    .map(({ data }) => data.expected)
    .filter(({ thread_id }) => thread_id === threadId);
const told = (threadId: string, times = 1): Promise<ExpectedReply[]> =>
  waitFor(async () => {
    const facts = await toldOf(threadId);
    return facts.length >= times ? facts : null;
  }, `${times} outcomes of ${threadId}`);
/** Whatever came before this was handled when it is over. */
const afterAllOfThat = async (): Promise<void> => {
  const other = await harness.send(caller, inbox);
  await expectIn(other.thread_id);
  await mailComes(harness.sut, caller, inbox, { inReplyTo: [other.message_id_header ?? ''] });
  await told(other.thread_id);
};

describe('a wait for a reply', () => {
  test.each([
    [null, 'reply'],
    ['auto_reply', 'auto_reply'],
    ['bounce', 'bounce'],
  ] as const)('is ended by a mail that is %s as %s, once, however many follow', async (automatic, outcome) => {
    expect(await expectIn(message.thread_id)).toMatchObject({ status: 'waiting', outcome: null, resolved_at: null });
    const id = await answered({ automatic });
    const [first] = await told(message.thread_id);
    expect(first).toMatchObject({ status: 'resolved', outcome, message_id: `msg_${id}`, inbox_id: inbox.id });
    await answered();
    await afterAllOfThat();
    expect(await toldOf(message.thread_id)).toHaveLength(1);
  });

  test('is not ended by a report that says nothing final, nor by mail of another thread', async () => {
    await expectIn(message.thread_id);
    await answered({ automatic: 'report' });
    await mailComes(harness.sut, caller, inbox);
    await afterAllOfThat();
    expect(await toldOf(message.thread_id)).toEqual([]);
  });

  test('is ended by the clock at its time, and not before', async () => {
    const by = inMs(1_500);
    await expectIn(message.thread_id, by);
    const [timeout] = await told(message.thread_id);
    expect(timeout).toMatchObject({ outcome: 'timeout', message_id: null, by });
    const late = new Date(timeout?.resolved_at ?? 0).getTime() - new Date(by).getTime();
    expect(late).toBeGreaterThanOrEqual(0);
  });

  test('is ended by a bounce when nobody is left who could answer', async () => {
    const to = ['one@example.com', 'two@example.com'].map((address) => ({ address, name: null }));
    const both = await harness.send(caller, inbox, { to });
    await expectIn(both.thread_id);
    await bounces(both, ['one@example.com']);
    await afterAllOfThat();
    expect(await toldOf(both.thread_id)).toEqual([]);
    await bounces(both, ['two@example.com']);
    expect(await told(both.thread_id)).toMatchObject([{ outcome: 'bounce', message_id: both.id }]);
  });

  test('counts what came between the send and the call, once', async () => {
    const id = await answered();
    await waitFor(() => harness.read(caller, `msg_${id}`).catch(() => null), 'the reply');
    const resolved = { status: 'resolved', outcome: 'reply', message_id: `msg_${id}` };
    expect(await expectIn(message.thread_id)).toMatchObject(resolved);
    expect(await told(message.thread_id)).toMatchObject([resolved]);
    expect(await expectIn(message.thread_id)).toMatchObject({ status: 'waiting' });
  });

  test('counts a bounce that came before it, once', async () => {
    await bounces(message, ['ann@example.com']);
    await waitFor(async () => (await harness.read(caller, message.id)).delivery_status === 'bounced', 'the bounce');
    expect(await expectIn(message.thread_id)).toMatchObject({ outcome: 'bounce', message_id: message.id });
    expect(await expectIn(message.thread_id)).toMatchObject({ status: 'waiting' });
  });

  test('of a thread in which they wrote last and we never did waits for what comes next', async () => {
    const id = await mailComes(harness.sut, caller, inbox);
    const mail = await waitFor(() => harness.read(caller, `msg_${id}`).catch(() => null), 'the mail');
    expect(await expectIn(mail.thread_id)).toMatchObject({ status: 'waiting' });
  });

  test('is replaced by the next one of its thread: one outcome, for the last', async () => {
    await expectIn(message.thread_id, inMs(1_000));
    await expectIn(message.thread_id, inMs(2_000));
    const [outcome] = await told(message.thread_id);
    expect(new Date(outcome?.by ?? 0).getTime()).toBeGreaterThan(new Date(outcome?.created_at ?? 0).getTime() + 1_000);
    await afterAllOfThat();
    expect(await toldOf(message.thread_id)).toHaveLength(1);
  });

  test('that is replaced has the last message before the wait, as a bounce has that ends it', async () => {
    await expectIn(message.thread_id);
    await inLockOrder(harness.adminUrl, {
      first: `SELECT 1 FROM messaging.message_states WHERE message_id = '${message.id}' FOR UPDATE`,
      later: [`SELECT 1 FROM messaging.expected_replies WHERE thread_id = '${message.thread_id}' FOR UPDATE`],
      work: () => expectIn(message.thread_id),
    });
  });

  test('begun at the moment in which the reply comes has its outcome, and one only', async () => {
    const rounds = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const sent = await harness.send(caller, inbox);
        await Promise.all([
          mailComes(harness.sut, caller, inbox, { inReplyTo: [sent.message_id_header ?? ''] }),
          expectIn(sent.thread_id),
        ]);
        return sent.thread_id;
      }),
    );
    for (const threadId of rounds) expect(await told(threadId)).toMatchObject([{ outcome: 'reply' }]);
  });

  test('is not ended by a refusal of the guard, which the message tells itself', async () => {
    await expectIn(message.thread_id);
    await harness.sut.bus.publish(ScanOutboundRejectedV1, {
      organizationId: caller.organizationId,
      mode: caller.mode,
      data: {
        messageId: message.id,
        version: 1,
        reason: 'refused',
        security: CLEAN,
      },
    });
    await afterAllOfThat();
    expect(await toldOf(message.thread_id)).toEqual([]);
  });

  test('answers a repeat with the same key by itself, and is nobody else’s', async () => {
    const idempotency = { key: 'once', scope: `POST /v1/threads/${message.thread_id}/expect_reply`, bodyHash: 'b' };
    const by = inMs(HOUR_MS);
    const [one, other] = await Promise.all([
      expectIn(message.thread_id, by, { ...caller, idempotency }),
      expectIn(message.thread_id, by, { ...caller, idempotency }),
    ]);
    expect(one).toEqual(other);
    for (const stranger of [
      callerOf(),
      { ...caller, mode: 'test' as const },
      { ...caller, inboxIds: [newId('inb')] },
    ]) {
      await expect(expectIn(message.thread_id, by, stranger)).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
