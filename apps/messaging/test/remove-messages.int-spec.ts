import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DeleteMessage,
  DeleteThread,
  GetMessage,
  GetRawMessage,
  GetThread,
  ListAcceptedMessages,
  MessageDeletedV1,
  MessageStatusChangedV1,
  newId,
  RecipientSentV1,
  type CommandContext,
  type Inbox,
  type Message,
} from '@postern/contracts';
import { DeletionSweep } from '@postern/eventing';
import { callerOf, waitFor } from '@postern/testing';
import { sentFact } from './harness.js';
import { RemovalWorld } from './removal.world.js';

const HOUR_MS = 3600 * 1000;
const NOT_FOUND = { code: 'not_found' };

let world: RemovalWorld;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  world = await RemovalWorld.start();
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.door.answer = async () => true;
  caller = callerOf();
  inbox = await world.inbox(caller);
});

async function sent(body: Parameters<RemovalWorld['send']>[2] = {}): Promise<Message> {
  const message = await world.send(caller, inbox, body);
  await world.sut.bus.publish(RecipientSentV1, { ...caller, data: sentFact(message) });
  return waitFor(async () => {
    const now = await world.sut.ask(GetMessage, caller, { id: message.id, readWithheld: true });
    return now.delivery_status === 'sent' && now;
  }, 'the message to be sent');
}
const answerTo = ({ own_message_id }: Message) => ({ in_reply_to: own_message_id ?? '' });
const remove = ({ id }: { id: string }, by = caller) => world.sut.ask(DeleteMessage, by, { id });
const removeThread = (id: string, by = caller) => world.sut.ask(DeleteThread, by, { id });
const factsAbout = async (id: string) =>
  (await world.sut.bus.factsOf(MessageDeletedV1)).filter(({ data }) => data.messageId === id);
const told = (id: string) =>
  waitFor(async () => {
    const facts = await factsAbout(id);
    return facts.length > 0 && facts;
  }, 'the fact');

describe('deleting a message', () => {
  it('leaves nothing of it but a tombstone, and tells everybody once', async () => {
    const message = await sent({ subject: 'marker-one', text: 'marker-one' });
    await remove(message);
    await expect(world.sut.ask(GetMessage, caller, { id: message.id, readWithheld: true })).rejects.toMatchObject(
      NOT_FOUND,
    );
    await expect(world.sut.ask(GetRawMessage, caller, { id: message.id, readWithheld: true })).rejects.toMatchObject(
      NOT_FOUND,
    );
    await expect(world.sut.ask(GetThread, caller, { id: message.thread_id })).rejects.toMatchObject(NOT_FOUND);
    expect(await world.listed(caller)).toEqual([]);
    await expect(remove(message)).rejects.toMatchObject(NOT_FOUND);
    expect(Object.keys(await world.traces('marker-one'))).toEqual(['outbox']);
    const [fact, ...more] = await told(message.id);
    expect(more).toEqual([]);
    expect(fact).toMatchObject({
      organizationId: caller.organizationId,
      mode: 'live',
      data: {
        inboxId: inbox.id,
        threadId: message.thread_id,
        direction: 'outbound',
        threadDeleted: true,
        cause: 'message',
        version: 3,
        actor: caller.keyId,
      },
    });
    expect(world.door.asked).not.toContain(message.id);
  });

  it('lets the thread show what is left of it', async () => {
    const first = await sent({ subject: 'Secret plan', to: [{ address: 'eve@example.com', name: 'Eve' }] });
    const second = await sent({ subject: 'Re: plan', ...answerTo(first) });
    const third = await sent({ subject: 'Re: plan', ...answerTo(second) });
    expect(third.thread_id).toBe(first.thread_id);
    await remove(third);
    expect(await world.sut.ask(GetThread, caller, { id: first.thread_id })).toMatchObject({
      subject: 'Secret plan',
      message_count: 2,
      last_message_id: second.id,
      last_message_at: second.created_at,
    });
    await remove(first);
    const thread = await world.sut.ask(GetThread, caller, { id: first.thread_id });
    expect(thread).toMatchObject({ subject: 'Re: plan', message_count: 1, last_message_id: second.id });
    expect(thread.participants.map(({ address }) => address).toSorted()).toEqual(
      ['ann@example.com', inbox.address].toSorted(),
    );
    expect((await told(first.id))[0]?.data.threadDeleted).toBe(false);
    await remove(second);
    await expect(world.sut.ask(GetThread, caller, { id: first.thread_id })).rejects.toMatchObject(NOT_FOUND);
  });

  it('is 404 for another organization, the other mode, and a key of another inbox', async () => {
    const message = await sent();
    const other = await world.inbox(caller);
    const strangers: CommandContext[] = [callerOf(), { ...caller, mode: 'test' }, { ...caller, inboxIds: [other.id] }];
    for (const stranger of strangers) {
      await expect(remove(message, stranger)).rejects.toMatchObject(NOT_FOUND);
      await expect(removeThread(message.thread_id, stranger)).rejects.toMatchObject(NOT_FOUND);
    }
    for (const id of ['msg_1', newId('msg'), message.thread_id])
      await expect(remove({ id })).rejects.toMatchObject(NOT_FOUND);
    expect(await world.listed(caller)).toHaveLength(1);
  });

  it('stops one that was not sent first, and tells that it was cancelled before it was deleted', async () => {
    const message = await world.send(caller, inbox);
    await remove(message);
    expect(world.door.asked).toContain(message.id);
    const [fact] = await told(message.id);
    expect(fact?.data.version).toBe(3);
    const changes = (await world.sut.bus.factsOf(MessageStatusChangedV1)).filter(
      ({ data }) => data.message.id === message.id,
    );
    expect(changes.map(({ data }) => [data.version, data.announce, data.message.delivery_status])).toEqual([
      [2, 'message.cancelled', 'cancelled'],
    ]);
  });

  it('is refused while nobody knows whether SES has it, and changes nothing then', async () => {
    const message = await world.send(caller, inbox);
    world.door.answer = async () => false;
    await expect(remove(message)).rejects.toMatchObject({ code: 'invalid_state', httpStatus: 409 });
    await expect(removeThread(message.thread_id)).rejects.toMatchObject({ code: 'invalid_state' });
    expect((await world.listed(caller)).map(({ id }) => id)).toEqual([message.id]);
    expect(await factsAbout(message.id)).toEqual([]);
  });

  it('of several at once happens once', async () => {
    const message = await sent();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => remove(message)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await told(message.id)).toHaveLength(1);
  });

  it('keeps the thread true while others add to it', async () => {
    const first = await sent();
    const doomed = await Promise.all(Array.from({ length: 10 }, () => sent(answerTo(first))));
    const [added] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, () => world.send(caller, inbox, answerTo(first)))),
      ...doomed.map((one) => remove(one)),
    ]);
    const left = await world.listed(caller);
    expect(left.map(({ id }) => id).toSorted()).toEqual([first, ...added].map(({ id }) => id).toSorted());
    expect(await world.sut.ask(GetThread, caller, { id: first.thread_id })).toMatchObject({ message_count: 11 });
  });

  it('is not undone by what others tell later', async () => {
    const message = await sent();
    await remove(message);
    await world.sut.bus.publish(RecipientSentV1, { ...caller, data: sentFact(message) });
    // Facts are handled in order: when this one is, so is that.
    await sent();
    expect(Object.keys(await world.traces(message.id)).toSorted()).toEqual(['outbox', 'tombstones']);
  });

  it('keeps no other message of the organization waiting for the guard', async () => {
    const messages = await Promise.all(Array.from({ length: 5 }, () => world.send(caller, inbox)));
    await Promise.all(messages.slice(1).map((message) => remove(message)));
    const unanswered = () =>
      world.sut.database.query<{ message_id: string }>(
        `SELECT message_id FROM outbox WHERE organization_id = $1 AND unsettled`,
        [caller.organizationId],
      );
    await waitFor(async () => (await unanswered()).length > 0, 'the facts to be published');
    expect(await unanswered()).toEqual([{ message_id: messages[0]?.id }]);
  });

  it('neither gives back what was spent of a limit nor hides it from the accounts', async () => {
    const message = await sent();
    await remove(message);
    const range = { from: message.id, through: message.id, after: null, limit: 10 };
    expect(await world.sut.ask(ListAcceptedMessages, caller, range)).toEqual({ ids: [message.id] });
  });
});

describe('deleting a thread', () => {
  it('deletes its messages and no others', async () => {
    const first = await sent();
    const answers = await Promise.all([sent(answerTo(first)), world.send(caller, inbox, answerTo(first))]);
    const stays = await sent();
    await removeThread(first.thread_id);
    expect((await world.listed(caller)).map(({ id }) => id)).toEqual([stays.id]);
    await expect(removeThread(first.thread_id)).rejects.toMatchObject(NOT_FOUND);
    for (const { id } of [first, ...answers]) {
      expect((await told(id))[0]?.data).toMatchObject({ cause: 'thread', threadDeleted: true });
    }
    expect(Object.keys(await world.traces(first.thread_id))).toEqual(['outbox']);
  });
});

describe('the sweep', () => {
  const sweep = (inHours: number) => world.sut.app.get(DeletionSweep).turn(new Date(Date.now() + inHours * HOUR_MS));

  it('takes what the facts said off the outbox and the bus once everybody has them, and drops tombstones after 72 h', async () => {
    const message = await sent({ subject: 'marker-two', text: 'marker-two' });
    const stays = await sent({ subject: 'marker-three' });
    await remove(message);
    await told(message.id);
    await sweep(1);
    // Nobody else consumes here, so nothing is acknowledged by everybody.
    expect(await world.traces('marker-two')).toHaveProperty('outbox');
    // The relay looks at the stream every five seconds and writes what it finds.
    await waitFor(async () => {
      await world.sut.database.query(`UPDATE relay_state SET ack_floor = 1000000`);
      await sweep(2);
      return Object.keys(await world.traces('marker-two')).length === 0;
    }, 'the facts to be taken back');
    const onTheBus = JSON.stringify(await world.sut.bus.factsOf(MessageStatusChangedV1));
    expect(onTheBus).not.toContain('marker-two');
    expect(onTheBus).toContain('marker-three');
    await sweep(71);
    expect(Object.keys(await world.traces(message.id))).toContain('tombstones');
    await sweep(73);
    expect(await world.traces(message.id)).toEqual({});
    expect((await world.listed(caller)).map(({ id }) => id)).toEqual([stays.id]);
  });
});
