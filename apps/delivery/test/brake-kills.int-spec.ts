import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { ReleaseKeeper } from '../src/pause/release-keeper.js';
import { ReputationKeeper } from '../src/reputation/reputation-keeper.js';
import { startReplica, type Replica } from './killing/replica.js';
import { BRAKE_POINTS, type TrapPoint } from './killing/trap.js';
import { LIMITS, Sender } from './reputation.player.js';
import { startStage, type Stage } from './stage.js';

/*
 * Real processes, real signals. The service in the test's own process sends mail and hears of bounces; counting, braking and
 * letting go is for the replicas, one after the other, each of which is struck at another step.
 */
jest.setTimeout(240_000);
const LONG_MS = 120_000;
const RECIPIENTS = 4;

let stage: Stage;
const replicas: Replica[] = [];

beforeAll(async () => {
  stage = await startStage(LIMITS);
  await stage.delivery.app.get(ReputationKeeper).onModuleDestroy();
  await stage.delivery.app.get(ReleaseKeeper).onModuleDestroy();
});
afterEach(async () => {
  await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
});
afterAll(() => stage.stop());

function replica(point: TrapPoint | null): Replica {
  const started = startReplica(stage.environment(), point === null ? null : { point, signal: 'SIGKILL' });
  replicas.push(started);
  return started;
}

const killedAt = async (point: TrapPoint): Promise<void> => expect(await replica(point).ended).toBe('SIGKILL');

/** An inbox whose mail bounced, noted and not counted yet. */
async function bouncer(): Promise<Sender> {
  const sender = new Sender(stage);
  const [messageId, to] = await sender.send(RECIPIENTS);
  await sender.tell('bounced', messageId, ...to);
  const noted = async (): Promise<boolean> => {
    const rows = await stage.delivery.database.query(
      'SELECT 1 FROM reputation_notes WHERE organization_id = $1 AND bounced > 0',
      [sender.organizationId],
    );
    return rows.length > 0;
  };
  await waitFor(noted, 'the bounces to be noted', LONG_MS);
  return sender;
}

test('killed at every step: counted once, braked once, told once, and what waited goes once', async () => {
  const senders: Sender[] = [];
  for (const point of BRAKE_POINTS.slice(0, 3)) {
    senders.push(await bouncer());
    await killedAt(point);
    if (point === 'brake_committed') continue;
    // Nothing is half done.
    for (const sender of senders) expect(await sender.counts('organization')).toBeUndefined();
  }
  replica(null);
  replica(null);
  for (const sender of senders) {
    await sender.heard('paused', 'inbox');
    await sender.counted({ sent: RECIPIENTS, bounced: RECIPIENTS, complained: 0 }, 'inbox', sender.inbox.id);
    expect(await sender.changes()).toEqual([expect.objectContaining({ change: 'paused', scope: 'inbox', version: 1 })]);
  }
  await Promise.all(replicas.splice(0).map((one) => one.stop()));

  const [sender, other] = senders as [Sender, Sender];
  const waiting = await Promise.all([1, 2, 3].map((n) => sender.pass([`later-${n}@example.com`])));
  for (const id of waiting) expect(await sender.parkedFor(id)).toBe('reputation_paused');
  await sender.tellInbox('paused', 2);
  await sender.tellInbox('resumed', 3);
  await sender.knows(3);
  await killedAt('release_open');
  for (const id of waiting) expect(await sender.parkedFor(id)).toBe('reputation_paused');
  replica(null);
  for (const id of waiting) await stage.reaches(id, 'sent');
  for (const id of waiting) expect(await stage.copiesOf(id)).toHaveLength(1);
  await sender.heard('lifted', 'inbox');
  expect((await sender.changes()).map(({ change }) => change)).toEqual(['paused', 'lifted']);
  // Whoever was not resumed waits.
  expect(await other.parkedFor(await other.pass(['later@example.com']))).toBe('reputation_paused');
});
