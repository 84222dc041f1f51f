import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Provider as Providing } from '@nestjs/common';
import { FEEDBACK_EVENTS, newId } from '@postern/contracts';
import { unavailable } from '@postern/platform';
import { randomFrom, waitFor } from '@postern/testing';
import { DeliveryModule } from '../src/delivery.module.js';
import { deliveryService } from '../src/delivery.service.js';
import { ReputationNotes } from '../src/store/reputation-notes.js';
import { ReputationStore } from '../src/store/reputations.js';
import { feedback, LIMITS, Sender } from './reputation.player.js';
import { startStage, type Stage } from './stage.js';

/*
 * Two replicas, and of all transactions that note or count one in four fails after it has written. Reports come twice, under
 * the same and under another event id, and in any order.
 */
jest.setTimeout(240_000);
const LONG_MS = 180_000;
const MESSAGES = 20;
const BOUNCED = 13;
const COMPLAINED = 5;
const random = randomFrom(5);

let stage: Stage;

function mayFail(): void {
  if (random() < 0.25) throw unavailable();
}

class FailingNotes extends ReputationNotes {
  override async sent(...given: Parameters<ReputationNotes['sent']>) {
    await super.sent(...given);
    mayFail();
  }
  override async reports(...given: Parameters<ReputationNotes['reports']>) {
    await super.reports(...given);
    mayFail();
  }
}

class FailingReputations extends ReputationStore {
  override async addUp(...given: Parameters<ReputationStore['addUp']>) {
    const touched = await super.addUp(...given);
    mayFail();
    return touched;
  }
  override async set(...given: Parameters<ReputationStore['set']>) {
    const version = await super.set(...given);
    mayFail();
    return version;
  }
}

beforeAll(async () => {
  const failing: Providing[] = [
    { provide: ReputationNotes, useClass: FailingNotes },
    { provide: ReputationStore, useClass: FailingReputations },
  ];
  const service: typeof deliveryService = {
    ...deliveryService,
    module: (config) => {
      const module = DeliveryModule.forRoot(config);
      return { ...module, providers: [...(module.providers ?? []), ...failing] };
    },
  };
  stage = await startStage(LIMITS, service);
  await stage.another();
});
afterAll(() => stage.stop());

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);

test('everything counts once, and the brake is told once', async () => {
  const sender = new Sender(stage);
  const to = Array.from({ length: MESSAGES }, (_, n) => `to-${n}@example.com`);
  const ids = await Promise.all(to.map((address) => sender.pass([address])));
  for (const id of ids) await stage.reaches(id, 'sent');

  const reports = ids.flatMap((id, n) => [
    ...(n < BOUNCED ? [['bounced', id, to[n] ?? ''] as const] : []),
    ...(n >= MESSAGES - COMPLAINED ? [['complained', id, to[n] ?? ''] as const] : []),
  ]);
  const told = new Set<string>();
  for (const [kind, messageId, address] of shuffled([...reports, ...reports])) {
    const fact = { ...sender.tenant, id: newId('evt'), data: feedback(kind, messageId, address) };
    told.add(fact.id);
    await stage.delivery.bus.publish(FEEDBACK_EVENTS[kind], fact);
    if (random() < 0.5) await stage.delivery.bus.publish(FEEDBACK_EVENTS[kind], fact, { again: true });
  }
  await waitFor(
    async () => {
      const [row] = await stage.delivery.database.query<{ heard: number; open: number }>(
        `SELECT (SELECT count(*) FROM inbox WHERE consumer = 'delivery__feedback' AND event_id = ANY ($1)) AS heard,
                (SELECT count(*) FROM reputation_notes) AS open`,
        [[...told]],
      );
      return row?.heard === told.size && row.open === 0;
    },
    'all to be heard and counted',
    LONG_MS,
  );
  const counts = { sent: MESSAGES, bounced: BOUNCED, complained: COMPLAINED };
  expect(await sender.counts('organization')).toEqual(counts);
  expect(await sender.counts('inbox', sender.inbox.id)).toEqual(counts);
  await sender.heard('paused', 'inbox');
  const changes = (await sender.changes()).map(({ change, version }) => ({ change, version }));
  expect(changes.filter(({ change }) => change === 'paused')).toHaveLength(1);
  expect(changes.map(({ version }) => version)).toEqual(changes.map((_, index) => index + 1));
  expect(await sender.parkedFor(await sender.pass(['later@example.com']))).toBe('reputation_paused');
});
