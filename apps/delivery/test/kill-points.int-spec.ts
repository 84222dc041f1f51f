import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { newId, RecipientSentV1 } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { Lanes } from '../src/send/lanes.js';
import { startReplica, type Replica } from './killing/replica.js';
import { TRAP_POINTS, type TrapPoint } from './killing/trap.js';
import { startStage, type Stage } from './stage.js';

/*
 * Real processes, real signals. The service in the test's own process claims nothing: it plays those who look after what
 * others leave behind.
 */
jest.setTimeout(180_000);
const LONG_MS = 120_000;
const MESSAGES = 30;
/** Every replica that dies leaves some for the others to claim. */
const CONCURRENCY = '2';
let stage: Stage;
const replicas: Replica[] = [];

beforeAll(async () => {
  // A call has half a lease to be answered, which is long also for a busy machine.
  stage = await startStage({ DELIVERY_IN_DOUBT_SECONDS: '2', DELIVERY_LEASE_SECONDS: '8' });
  await stage.delivery.app.get(Lanes).onModuleDestroy();
});
afterEach(async () => {
  await stage.faults({});
  for (const replica of replicas) replica.signal('SIGCONT');
  await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
});
afterAll(() => stage.stop());

function replica(strike: { point: TrapPoint; signal: 'SIGKILL' | 'SIGSTOP' } | null): Replica {
  const started = startReplica({ ...stage.environment(), DELIVERY_CONCURRENCY: CONCURRENCY }, strike);
  replicas.push(started);
  return started;
}
const statesOf = async (ids: string[]): Promise<string[]> =>
  (await Promise.all(ids.map((id) => stage.stateOf(id)))).map((row) => row?.state ?? 'none');
const sentFactsOf = async (ids: string[]): Promise<string[]> =>
  (await stage.delivery.bus.factsOf(RecipientSentV1))
    .map(({ data }) => String(data.messageId))
    .filter((id) => ids.includes(id));

/** Tells of each mail once, as ingest does. */
function feedbackPlayer(): () => Promise<void> {
  const takenSince = stage.follow();
  return async () => {
    for (const mail of await takenSince()) await stage.tellSent(mail);
  };
}

test('killed at every step: one copy of each message, told once', async () => {
  await stage.faults({ latency_ms: 300 });
  const organizations = [newId('org'), newId('org')];
  const ids = await Promise.all(
    Array.from({ length: MESSAGES }, (_, index) =>
      stage.pass({ organizationId: organizations[index % 2] ?? newId('org') }),
    ),
  );
  await waitFor(async () => (await statesOf(ids)).every((state) => state === 'pending'), 'all to wait', LONG_MS);
  const struck = TRAP_POINTS.map((point) => replica({ point, signal: 'SIGKILL' }));
  expect(await Promise.all(struck.map(({ ended }) => ended))).toEqual(TRAP_POINTS.map(() => 'SIGKILL'));
  await stage.faults({});
  const tellNew = feedbackPlayer();
  await tellNew();
  replica(null);
  await waitFor(
    async () => {
      await tellNew();
      const states = await statesOf(ids);
      // Only a later event shows that silence about the others means something.
      if (states.includes('in_doubt') && !states.includes('claimed')) await stage.showLife();
      return states.every((state) => state === 'sent');
    },
    'all to be sent',
    LONG_MS,
  );
  const copies = (await stage.taken()).map(({ tags }) => tags['postern_message'] ?? '');
  expect(copies.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
  await waitFor(async () => (await sentFactsOf(ids)).length >= ids.length, 'all to be told', LONG_MS);
  expect((await sentFactsOf(ids)).sort()).toEqual([...ids].sort());
});

test('paused past its lease before the call: when it wakes up it asks nobody', async () => {
  const sleeper = replica({ point: 'before_call', signal: 'SIGSTOP' });
  const messageId = await stage.pass({ organizationId: newId('org') });
  await waitFor(async () => (await stage.stateOf(messageId))?.state === 'in_doubt', 'the lease to end', LONG_MS);
  replica(null);
  await stage.showLife();
  await waitFor(async () => (await stage.stateOf(messageId))?.state === 'sent', 'the next attempt', LONG_MS);
  const before = await stage.stateOf(messageId);
  sleeper.signal('SIGCONT');
  await sleeper.stop();
  expect(await sleeper.ended).toBeNull();
  expect((await stage.copiesOf(messageId)).map(({ tags }) => tags['postern_attempt'])).toEqual(['2']);
  expect(await stage.stateOf(messageId)).toEqual(before);
});

test('paused past its lease with the answer of SES in hand: when it wakes up it changes nothing', async () => {
  const sleeper = replica({ point: 'answered', signal: 'SIGSTOP' });
  const messageId = await stage.pass({ organizationId: newId('org') });
  await waitFor(async () => (await stage.stateOf(messageId))?.state === 'in_doubt', 'the lease to end', LONG_MS);
  replica(null);
  // Its own event is lost, so the rule sends it again: that attempt is the truth from now on.
  await stage.showLife();
  await waitFor(async () => (await stage.stateOf(messageId))?.state === 'sent', 'the next attempt', LONG_MS);
  const before = await stage.stateOf(messageId);
  sleeper.signal('SIGCONT');
  await sleeper.stop();
  expect(await stage.stateOf(messageId)).toEqual(before);
  expect(await sentFactsOf([messageId])).toEqual([messageId]);
  const [second] = (await stage.copiesOf(messageId)).filter(({ tags }) => tags['postern_attempt'] === '2');
  expect(before?.ses_message_id).toBe(second?.message_id);
});
