import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CancelSend, type MessageId, MoveSend, newId, SendMovedV1 } from '@postern/contracts';
import { callerOf, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

const HOUR_MS = 3_600_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR_MS);
const dueAt = async (messageId: string): Promise<Date | undefined> => {
  const [row] = await stage.delivery.database.query<{ next_attempt_at: Date }>(
    'SELECT next_attempt_at FROM sends WHERE message_id = $1',
    [messageId],
  );
  return row?.next_attempt_at;
};

describe('a scheduled send', () => {
  test('is moved to a later time, and then to now; each move is told', async () => {
    const caller = callerOf();
    const [at, later] = [inHours(1), inHours(2)];
    const messageId = (await stage.pass({ organizationId: caller.organizationId, notBefore: at })) as MessageId;
    await stage.reaches(messageId, 'pending');
    const move = (from: Date | null, to: Date | null) =>
      stage.delivery.ask(MoveSend, caller, {
        messageId,
        from: from?.toISOString() ?? null,
        to: to?.toISOString() ?? null,
      });
    expect(await move(at, later)).toEqual({ moved: true });
    expect(await dueAt(messageId)).toEqual(later);
    expect(await move(later, null)).toEqual({ moved: true });
    expect(await stage.reaches(messageId, 'sent')).toMatchObject({ attempt: 1 });
    expect(await move(null, at)).toEqual({ moved: false });
    const told = () =>
      stage.delivery.bus
        .factsOf(SendMovedV1)
        .then((facts) => facts.filter(({ data }) => data.messageId === messageId).map(({ data }) => data));
    await waitFor(async () => (await told()).length === 2, 'both moves to be told');
    expect(await told()).toEqual([
      expect.objectContaining({ from: at.toISOString(), to: later.toISOString() }),
      expect.objectContaining({ from: later.toISOString(), to: null }),
    ]);
  });

  test('keeps the time that it was moved to before it came', async () => {
    const caller = callerOf();
    const messageId = newId('msg');
    const later = inHours(3);
    const to = later.toISOString();
    expect(await stage.delivery.ask(MoveSend, caller, { messageId, from: null, to })).toEqual({ moved: true });
    await stage.pass({ organizationId: caller.organizationId, messageId, notBefore: new Date() });
    await stage.reaches(messageId, 'pending');
    expect(await dueAt(messageId)).toEqual(later);
    expect(await stage.delivery.ask(CancelSend, caller, { messageId })).toEqual({ cancelled: true });
    expect(await stage.delivery.ask(MoveSend, caller, { messageId, from: to, to })).toEqual({ moved: false });
  });

  test('that was moved before it came can be cancelled before it comes', async () => {
    const caller = callerOf();
    const messageId = newId('msg');
    await stage.delivery.ask(MoveSend, caller, { messageId, from: null, to: inHours(1).toISOString() });
    expect(await stage.delivery.ask(CancelSend, caller, { messageId })).toEqual({ cancelled: true });
    await stage.pass({ organizationId: caller.organizationId, messageId });
    const after = await stage.pass({ organizationId: caller.organizationId });
    await stage.reaches(after, 'sent');
    expect(await stage.stateOf(messageId)).toMatchObject({ state: 'cancelled' });
  });

  test('that is moved in the moment it comes has the new time, never the old one', async () => {
    const caller = callerOf();
    const { organizationId } = caller;
    const later = inHours(1);
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const messageId = newId('msg');
        const [reply] = await Promise.all([
          stage.delivery.ask(MoveSend, caller, { messageId, from: null, to: later.toISOString() }),
          stage.pass({ organizationId, messageId, notBefore: inHours(5) }),
        ]);
        expect(reply).toEqual({ moved: true });
        return messageId;
      }),
    );
    for (const id of ids) await stage.reaches(id, 'pending');
    for (const id of ids) expect(await dueAt(id)).toEqual(later);
  });

  test('of another tenant stays where it is', async () => {
    const { organizationId } = callerOf();
    const at = inHours(1);
    const messageId = (await stage.pass({ organizationId, notBefore: at })) as MessageId;
    await stage.reaches(messageId, 'pending');
    await stage.delivery.ask(MoveSend, callerOf(), { messageId, from: null, to: null });
    const [row] = await stage.delivery.database.query<{ next_attempt_at: Date }>(
      'SELECT next_attempt_at FROM sends WHERE message_id = $1 AND organization_id = $2',
      [messageId, organizationId],
    );
    expect(row?.next_attempt_at).toEqual(at);
  });
});
