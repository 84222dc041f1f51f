import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CancelSend, type MessageId, SendCancelledV1 } from '@postern/contracts';
import { callerOf, fullRun, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

jest.setTimeout(180_000);

const AT_ONCE = 50;
const ROUNDS = fullRun() ? 20 : 4;
/** Long enough for the messages of a round to arrive before they are due. */
const LEAD_MS = 700;
/** Cancels begin this long before their messages are due, so that claims fall in the middle of them. */
const HEAD_START_MS = 25;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

test(`${ROUNDS * AT_ONCE} cancels against claims: cancelled and never sent, or sent and too late, never both and never neither`, async () => {
  const caller = callerOf();
  const outcomes = new Map<string, boolean>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const notBefore = new Date(Date.now() + LEAD_MS);
    const { organizationId } = caller;
    const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.pass({ organizationId, notBefore })));
    await waitFor(() => Date.now() >= notBefore.getTime() - HEAD_START_MS, 'the messages to be almost due');
    await Promise.all(
      ids.map(async (id) => {
        const { cancelled } = await stage.delivery.ask(CancelSend, caller, { messageId: id as MessageId });
        outcomes.set(id, cancelled);
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
