import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CancelSend,
  type CommandContext,
  MESSAGE_TIMELINE,
  MessageDeletedV1,
  type MessageId,
  MoveSend,
  newId,
  type TimelineEntry,
} from '@postern/contracts';
import { callerOf, deletionOf, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

const HOUR_MS = 3_600_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR_MS);
const timelineOf = async (id: string, caller: CommandContext): Promise<TimelineEntry[]> =>
  (await stage.delivery.ask(MESSAGE_TIMELINE.delivery, caller, { id: id as MessageId })).entries;
const typesOf = async (id: string, caller: CommandContext): Promise<string[]> =>
  (await timelineOf(id, caller)).map(({ type }) => type);

describe('the history of a send', () => {
  test('has its claim and what came of it, in order', async () => {
    const caller = callerOf();
    const id = await stage.pass({ organizationId: caller.organizationId });
    const { ses_message_id } = await stage.reaches(id, 'sent');
    const entries = await timelineOf(id, caller);
    expect(entries).toMatchObject([
      { type: 'queued', service: 'delivery', data: { not_before: expect.any(String) } },
      { type: 'claimed', data: { attempt: 1 } },
      { type: 'sent', data: { attempt: 1, provider_message_id: ses_message_id, settled_late: false } },
    ]);
    const times = entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(times.every((at) => at === new Date(at).toISOString())).toBe(true);
  });

  test('says why an attempt had to be made again', async () => {
    const caller = callerOf();
    await stage.faults({ server_error: { next: 1 } });
    const id = await stage.pass({ organizationId: caller.organizationId });
    await stage.reaches(id, 'sent');
    const entries = await timelineOf(id, caller);
    expect(entries.map(({ type }) => type)).toEqual(['queued', 'claimed', 'deferred', 'claimed', 'sent']);
    expect(entries[2]?.data).toMatchObject({
      attempt: 1,
      attempted: true,
      reason: expect.any(String),
      code: expect.any(String),
      next_attempt_at: expect.stringMatching(/Z$/),
    });
  });

  test('has the doubt about an attempt without an answer, and the proof that settled it', async () => {
    const caller = callerOf();
    await stage.faults({ reset_after: { next: 1 } });
    const id = await stage.pass({ organizationId: caller.organizationId });
    await stage.reaches(id, 'in_doubt');
    const [mail] = await waitFor(async () => {
      const copies = await stage.copiesOf(id);
      return copies.length === 1 ? copies : null;
    }, 'SES to have it');
    if (mail === undefined) throw new Error('no copy');
    await stage.tellSent(mail);
    await stage.reaches(id, 'sent');
    const entries = await timelineOf(id, caller);
    expect(entries.map(({ type }) => type)).toEqual(['queued', 'claimed', 'in_doubt', 'sent']);
    expect(entries[3]?.data).toMatchObject({ settled_late: true });
  });

  test('has moves and the cancel, also those that came before the message', async () => {
    const caller = callerOf();
    const messageId = newId('msg');
    const [first, second] = [inHours(1), inHours(2)].map((at) => at.toISOString());
    const move = (from: string | null, to: string) => stage.delivery.ask(MoveSend, caller, { messageId, from, to });
    await move(null, first ?? '');
    await stage.pass({ organizationId: caller.organizationId, messageId });
    await stage.reaches(messageId, 'pending');
    await move(first ?? '', second ?? '');
    await stage.delivery.ask(CancelSend, caller, { messageId });
    expect(await timelineOf(messageId, caller)).toMatchObject([
      { type: 'moved', data: { to: first } },
      { type: 'queued', data: { not_before: first } },
      { type: 'moved', data: { to: second } },
      { type: 'cancelled' },
    ]);
  });

  test('is bounded: the first half stays, and the latest', async () => {
    const caller = callerOf();
    const messageId = newId('msg');
    const at = inHours(1);
    await stage.pass({ organizationId: caller.organizationId, messageId, notBefore: at });
    await stage.reaches(messageId, 'pending');
    await stage.delivery.database.query(
      `DO $$ BEGIN FOR n IN 1..300 LOOP
         UPDATE sends SET next_attempt_at = next_attempt_at + interval '1 second' WHERE message_id = '${messageId}';
       END LOOP; END $$`,
    );
    const entries = await timelineOf(messageId, caller);
    expect(entries).toHaveLength(200);
    expect(entries[0]?.type).toBe('queued');
    const last = new Date(at.getTime() + 300_000).toISOString();
    expect(entries.at(-1)).toMatchObject({ type: 'moved', data: { to: last } });
  });

  test('is nobody else’s, and not told of a deleted message', async () => {
    const caller = callerOf();
    const id = await stage.pass({ organizationId: caller.organizationId });
    await stage.reaches(id, 'sent');
    expect(await typesOf(id, callerOf())).toEqual([]);
    expect(await typesOf(id, { ...caller, mode: 'test' })).toEqual([]);
    await stage.delivery.bus.publish(MessageDeletedV1, deletionOf(caller, id));
    await waitFor(async () => (await typesOf(id, caller)).length === 0, 'the deletion to be heard');
  });
});
