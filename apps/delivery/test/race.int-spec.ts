import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CancelSend, newId, SendCancelledV1 } from '@postern/contracts';
import { callerOf, fullRun, untilMoment, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

jest.setTimeout(180_000);

const AT_ONCE = 100;
const ROUNDS = fullRun() ? 10 : 2;
/** Long enough for the messages of a round to arrive before the first is due. */
const LEAD_MS = 700;
/** One message after the other is due, so that claims go on all the time that cancels do. */
const APART_MS = 10;
/** A due message is claimed within 250 ms: cancels come from a little before it is due until about then. */
const EARLIEST_MS = -60;
const LATEST_MS = 240;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

test(`${ROUNDS * AT_ONCE} cancels against claims: cancelled and never sent, or sent and too late, never both and never neither`, async () => {
  const caller = callerOf();
  const outcomes = new Map<string, boolean>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const firstDueMs = Date.now() + LEAD_MS;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        const dueMs = firstDueMs + index * APART_MS;
        const messageId = newId('msg');
        await stage.pass({ organizationId: caller.organizationId, messageId, notBefore: new Date(dueMs) });
        const offsetMs = EARLIEST_MS + (index / AT_ONCE) * (LATEST_MS - EARLIEST_MS);
        await untilMoment(dueMs + offsetMs);
        outcomes.set(messageId, (await stage.delivery.ask(CancelSend, caller, { messageId })).cancelled);
      }),
    );
  }
  const kept = [...outcomes].filter(([, cancelled]) => !cancelled).map(([id]) => id);
  for (const id of kept) await stage.reaches(id, 'sent');
  const copies = (await stage.taken()).map(({ tags }) => tags['postern_message']);
  expect(copies.toSorted()).toEqual(kept.toSorted());
  const stopped = [...outcomes].filter(([, cancelled]) => cancelled).map(([id]) => id);
  for (const id of stopped) expect(await stage.stateOf(id)).toMatchObject({ state: 'cancelled', attempt: 0 });
  const told = async () => (await stage.delivery.bus.factsOf(SendCancelledV1)).map(({ data }) => data.messageId);
  await waitFor(async () => (await told()).length >= stopped.length, 'every cancellation to be told');
  expect((await told()).toSorted()).toEqual(stopped.toSorted());
});
