import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateWebhook, MessageStatusChangedV1 } from '@postern/contracts';
import { connectNats } from '@postern/eventing';
import { callerOf, fullRun, type Infra, randomFrom, startInfra, TestBus, waitFor } from '@postern/testing';
import pg from 'pg';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { KeptAlive } from './killing/kept-alive.js';
import { Receiver } from './receiver.js';

const SEED = 20_261_121;
const EVENTS = 200;
const KILLS = fullRun() ? 12 : 3;
/** The broker takes 6 s to notice that a process is gone, and leases last 3 s. */
const PATIENCE_MS = 120_000 + KILLS * 20_000;

const random = randomFrom(SEED);
const caller = callerOf();
let infra: Infra;
let receiver: Receiver;
let service: KeptAlive;
let kills = 0;

/** At a POST of no fixed number, so that every step of a call is cut somewhere: before the answer, after it, while others wait. */
let killAtCall = 1 + Math.floor(random() * 30);
let seen = 0;
function maybeKill(): void {
  seen += 1;
  if (seen < killAtCall || kills === KILLS) return;
  kills += 1;
  killAtCall = seen + 1 + Math.floor(random() * 60);
  service.kill();
}

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  receiver.on('/steady', (response) => {
    maybeKill();
    response.writeHead(204).end();
  });
  // Each first call fails, so that retries are cut off, too.
  receiver.on('/flaky', (response, { event }, before) => {
    maybeKill();
    response.writeHead(before.some((earlier) => earlier.event.id === event.id) ? 204 : 500).end();
  });
  const first = await startWebhooks(infra);
  await first.ask(CreateWebhook, caller, { url: receiver.url('/steady') });
  await first.ask(CreateWebhook, caller, { url: receiver.url('/flaky') });
  await first.stop();
  service = new KeptAlive(infra);
});

afterAll(async () => {
  await service.stop();
  await receiver.stop();
  await infra.stop();
});

test(
  'killed again and again, every event reaches each endpoint, always under the same id and number',
  async () => {
    const connection = await connectNats(infra.natsUrl, 'test');
    const bus = new TestBus(connection);
    const ids: string[] = [];
    for (let n = 0; n < EVENTS; n += 1) {
      ids.push(await bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent')));
    }
    await connection.close();
    const database = new pg.Client({ connectionString: infra.adminUrl });
    await database.connect();
    try {
      const settled = async (): Promise<boolean> => {
        const { rows } = await database.query<{ events: number; open: number }>(
          `SELECT count(DISTINCT event_id)::int AS events, count(*) FILTER (WHERE status = 'pending')::int AS open
             FROM webhooks.calls`,
        );
        return kills === KILLS && rows[0]?.events === EVENTS && rows[0].open === 0;
      };
      await waitFor(settled, 'every call to end', PATIENCE_MS);
      const { rows } = await database.query<{ succeeded: number; lost: number }>(
        `SELECT count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded,
                count(*) FILTER (WHERE status = 'exhausted')::int AS lost FROM webhooks.calls`,
      );
      expect(rows).toEqual([{ succeeded: 2 * EVENTS, lost: 0 }]);
    } finally {
      await database.end();
    }
    for (const path of ['/steady', '/flaky']) {
      const got = receiver.at(path);
      expect(new Set(got.map(({ event }) => event.id))).toEqual(new Set(ids));
      expect(got.every(({ headers, event }) => headers['webhook-id'] === event.id)).toBe(true);
      const told = new Set(got.map(({ event }) => `${event.id} ${event.sequence}`));
      expect(told.size).toBe(EVENTS);
      const sequences = [...new Set(got.map(({ event }) => event.sequence))].toSorted((a, b) => a - b);
      expect(sequences).toEqual(ids.map((_, index) => index + 1));
    }
  },
  PATIENCE_MS,
);
