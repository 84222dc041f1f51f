import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  CancelMessage,
  type Inbox,
  type Message,
  MessageStatusChangedV1,
  newId,
  RecipientSentV1,
  ScanOutboundHeldV1,
  SendCancelledV1,
  SendMovedV1,
  UpdateMessage,
  type UpdateMessageBody,
} from '@postern/contracts';
import { callerOf, untilDone, waitFor } from '@postern/testing';
import { CLEAN, Harness, sentFact } from './harness.js';
import { playLastDoor, type LastDoor } from './last-door.player.js';

const HOUR_MS = 3_600_000;
const caller = callerOf();
let harness: Harness;
let door: LastDoor;
let inbox: Inbox;

beforeAll(async () => {
  harness = await Harness.start();
  door = await playLastDoor(harness.natsUrl);
  inbox = await harness.newInbox(caller);
});
afterAll(async () => {
  await door.stop();
  await harness.stop();
});
beforeEach(() => {
  Object.assign(door, {
    cancelled: true,
    moved: true,
    approval: { outcome: 'cancelled' },
    answersAreLost: false,
  });
  door.asked.length = 0;
});

const soon = (): string => new Date(Date.now() + HOUR_MS).toISOString();
const scheduled = (): Promise<Message> => harness.send(caller, inbox, { send_at: soon() });
const cancel = (message: Message, who = caller) => harness.sut.ask(CancelMessage, who, { id: message.id });
const patch = (message: Message, body: UpdateMessageBody, who = caller) =>
  harness.sut.ask(UpdateMessage, who, { id: message.id, body, readWithheld: false });
const tell = (event: Parameters<typeof harness.sut.bus.publish>[0], data: object) =>
  harness.sut.bus.publish(event, { organizationId: caller.organizationId, mode: caller.mode, data } as never);
const shows = (message: Message, status: string): Promise<Message> =>
  waitFor(async () => {
    const seen = await harness.read(caller, message.id);
    return seen.delivery_status === status ? seen : null;
  }, `${message.id} to be ${status}`);
const announced = async (message: Message): Promise<(string | null)[]> =>
  (await harness.sut.bus.factsOf(MessageStatusChangedV1))
    .filter(({ data }) => data.message.id === message.id)
    .map(({ data }) => data.announce);
async function held(): Promise<Message> {
  const message = await harness.send(caller, inbox);
  await tell(ScanOutboundHeldV1, {
    messageId: message.id,
    version: 1,
    approvalId: newId('apr'),
    security: CLEAN,
    securityStatus: 'clean',
  });
  return shows(message, 'held');
}

describe('a cancel', () => {
  test('is granted when delivery says yes, for every recipient, and told once', async () => {
    const message = await scheduled();
    expect(await cancel(message)).toMatchObject({
      delivery_status: 'cancelled',
      recipients: [{ status: 'cancelled' }],
    });
    await tell(SendCancelledV1, { messageId: message.id, at: new Date().toISOString() });
    const after = await scheduled();
    await tell(SendCancelledV1, { messageId: after.id, at: new Date().toISOString() });
    await shows(after, 'cancelled');
    expect(await announced(message)).toEqual(['message.cancelled']);
    await expect(cancel(message)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('is refused when delivery says no, and nothing changes', async () => {
    door.cancelled = false;
    const message = await scheduled();
    await expect(cancel(message)).rejects.toMatchObject({
      code: 'invalid_state',
      details: { delivery_status: 'scheduled' },
    });
    expect(await harness.read(caller, message.id)).toMatchObject({ delivery_status: 'scheduled' });
  });

  test('of a message that was sent asks nobody', async () => {
    const message = await harness.send(caller, inbox);
    await tell(RecipientSentV1, sentFact(message));
    await shows(message, 'sent');
    await expect(cancel(message)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(door.asked).toEqual([]);
  });

  test("whose answer is lost leaves the message to delivery's fact", async () => {
    door.answersAreLost = true;
    const message = await scheduled();
    await expect(cancel(message)).rejects.toMatchObject({ code: 'unavailable' });
    await tell(SendCancelledV1, { messageId: message.id, at: new Date().toISOString() });
    expect(await shows(message, 'cancelled')).toMatchObject({ recipients: [{ status: 'cancelled' }] });
  });

  test('that is repeated after a lost answer is granted', async () => {
    door.answersAreLost = true;
    const message = await scheduled();
    await expect(cancel(message)).rejects.toMatchObject({ code: 'unavailable' });
    door.answersAreLost = false;
    expect(await cancel(message)).toMatchObject({ delivery_status: 'cancelled' });
  });

  test('is one of 20 at the same time: one event, and the same answer to all with its key', async () => {
    const message = await scheduled();
    const idempotency = { key: 'k-1', scope: `POST /v1/messages/${message.id}/cancel`, bodyHash: 'a'.repeat(64) };
    const once = () => cancel(message, { ...caller, idempotency });
    const replies = await Promise.all(Array.from({ length: 20 }, () => untilDone(once)));
    for (const reply of replies) expect(reply).toMatchObject({ id: message.id, delivery_status: 'cancelled' });
    const later = await scheduled();
    await cancel(later);
    await waitFor(async () => (await announced(later)).length === 1, 'a later event');
    expect(await announced(message)).toEqual(['message.cancelled']);
    expect(await cancel(message, { ...caller, idempotency })).toMatchObject({ delivery_status: 'cancelled' });
  });

  test('of a held message ends its approval first', async () => {
    const message = await held();
    expect(await cancel(message)).toMatchObject({
      delivery_status: 'cancelled',
      approval: { status: 'cancelled' },
    });
    expect(door.asked.map(({ command }) => command)).toEqual(['scan.cancel_approval', 'delivery.cancel_send']);
  });

  test.each([
    ['was rejected', { outcome: 'ended' as const }],
    ['was approved, and goes at once', { outcome: 'approved' as const, notBefore: '2026-01-01T00:00:00.000Z' }],
  ])('of a held message that %s meanwhile is too late', async (_what, approval) => {
    const message = await held();
    door.approval = approval;
    await expect(cancel(message)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(door.asked.map(({ command }) => command)).toEqual(['scan.cancel_approval']);
  });

  test('of a message that was approved for later is a question to delivery', async () => {
    const message = await held();
    door.approval = { outcome: 'approved', notBefore: soon() };
    expect(await cancel(message)).toMatchObject({ delivery_status: 'cancelled' });
  });

  test('by another tenant, another mode or a key of another inbox finds nothing', async () => {
    const message = await scheduled();
    for (const who of [callerOf(), { ...caller, mode: 'test' as const }, { ...caller, inboxIds: [newId('inb')] }]) {
      await expect(cancel(message, who)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(door.asked).toEqual([]);
  });
});

describe('a move', () => {
  test('changes the time when delivery says yes; a time that is over sends at once', async () => {
    const message = await scheduled();
    const later = new Date(Date.now() + 2 * HOUR_MS).toISOString();
    const moved = await patch(message, { send_at: later, add_labels: ['moved'] });
    expect(moved).toMatchObject({ send_at: later, delivery_status: 'scheduled', labels: ['moved'] });
    expect(door.asked[0]?.input).toEqual({ messageId: message.id, from: message.send_at, to: later });
    expect(await patch(message, { send_at: null })).toMatchObject({ send_at: null, delivery_status: 'queued' });
    await expect(patch(message, { send_at: later })).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('that delivery refuses changes nothing, labels neither', async () => {
    door.moved = false;
    const message = await scheduled();
    await expect(patch(message, { send_at: null, add_labels: ['moved'] })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    expect(await harness.read(caller, message.id)).toMatchObject({ send_at: message.send_at, labels: [] });
  });

  test('with too many labels is refused before delivery is asked', async () => {
    const message = await scheduled();
    const many = (word: string) => Array.from({ length: 30 }, (_, index) => `${word}${index}`);
    await patch(message, { add_labels: many('a') });
    await expect(patch(message, { send_at: null, add_labels: many('b') })).rejects.toMatchObject({
      code: 'validation_error',
    });
    expect(door.asked).toEqual([]);
  });

  test("whose answer is lost is known from delivery's fact; an older one that comes late changes nothing", async () => {
    door.answersAreLost = true;
    const message = await scheduled();
    const [first, second] = [2, 3].map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString());
    await expect(patch(message, { send_at: first ?? null })).rejects.toMatchObject({ code: 'unavailable' });
    door.answersAreLost = false;
    await patch(message, { send_at: second ?? null });
    const at = new Date().toISOString();
    await tell(SendMovedV1, { messageId: message.id, from: message.send_at, to: first ?? null, at });
    await tell(SendMovedV1, { messageId: message.id, from: second ?? null, to: null, at });
    expect(await shows(message, 'queued')).toMatchObject({ send_at: null });
  });

  test('of a message that is not scheduled is refused', async () => {
    const message = await harness.send(caller, inbox);
    await expect(patch(message, { send_at: soon() })).rejects.toMatchObject({
      code: 'invalid_state',
      details: { delivery_status: 'queued' },
    });
  });
});
