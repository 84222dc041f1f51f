import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CommandContext,
  type CommandDefinition,
  type CommandInput,
  type CommandOutput,
  CreateWebhook,
  ListEvents,
  MessageStatusChangedV1,
  ReplayWebhook,
} from '@postern/contracts';
import { CommandClient, connectNats } from '@postern/eventing';
import { callerOf, fullRun, type Infra, randomFrom, startInfra, TestBus, waitFor } from '@postern/testing';
import pg from 'pg';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { KeptAlive } from './killing/kept-alive.js';
import { Receiver } from './receiver.js';

const SEED = 20_261_121;
const EVENTS = 300;
const KILLS = fullRun() ? 8 : 2;
/** A killed process is back within seconds, and its leases last 3 s. */
const PATIENCE_MS = 120_000 + KILLS * 20_000;

const caller: CommandContext = callerOf();
let infra: Infra;
let receiver: Receiver;
let service: KeptAlive;
let client: CommandClient;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  await (await startWebhooks(infra)).stop();
  service = new KeptAlive(infra);
  client = new CommandClient({
    service: 'test',
    natsUrl: infra.natsUrl,
    streamReplicas: 1,
    patienceMs: PATIENCE_MS,
  });
});

afterAll(async () => {
  await client?.onModuleDestroy();
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const ask = async <C extends CommandDefinition>(command: C, input: CommandInput<C>): Promise<CommandOutput<C>> =>
  (await client.ask(command, caller, input)).value;

async function fillLog(): Promise<string[]> {
  const connection = await connectNats(infra.natsUrl, 'test');
  const bus = new TestBus(connection);
  const ids = await Promise.all(
    Array.from({ length: EVENTS }, () =>
      bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent')),
    ),
  );
  await connection.close();
  await waitFor(async () => {
    const page = await ask(ListEvents, { after: 0, limit: 1000 }).catch(() => null);
    return page?.data.length === EVENTS;
  }, 'the log');
  return ids;
}

/** At POSTs of no fixed number, so that the replay is cut off in turns, and its calls before and after the answer. */
function killNowAndThen(): () => number {
  const random = randomFrom(SEED);
  const between = () => 1 + Math.floor((random() * EVENTS) / (KILLS + 1));
  let kills = 0;
  let next = between();
  let seen = 0;
  receiver.on('/bulk', (response) => {
    seen += 1;
    if (seen >= next && kills < KILLS) {
      kills += 1;
      next = seen + between();
      service.kill();
    }
    response.writeHead(204).end();
  });
  return () => kills;
}

test(
  'a replay whose process is killed again and again orders each of its events once, and all of them arrive',
  async () => {
    const ids = await fillLog();
    const kills = killNowAndThen();
    const { id } = await ask(CreateWebhook, { url: receiver.url('/bulk') });
    expect(await ask(ReplayWebhook, { id, body: { after_sequence: 0 } })).toEqual({ count: EVENTS });
    const database = new pg.Client({ connectionString: infra.adminUrl });
    await database.connect();
    try {
      await waitFor(
        async () => {
          const { rows } = await database.query<{ open: boolean }>(
            `SELECT EXISTS (SELECT 1 FROM webhooks.replays WHERE due_at IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM webhooks.calls WHERE status = 'pending') AS open`,
          );
          return kills() === KILLS && rows[0]?.open === false;
        },
        'the replay and its calls to end',
        PATIENCE_MS,
      );
      const { rows } = await database.query<{ ordered: number; events: number; lost: number }>(
        `SELECT count(*) FILTER (WHERE replay_id IS NOT NULL)::int AS ordered, count(DISTINCT event_id)::int AS events,
                count(*) FILTER (WHERE status = 'exhausted')::int AS lost FROM webhooks.calls`,
      );
      expect(rows).toEqual([{ ordered: EVENTS, events: EVENTS, lost: 0 }]);
    } finally {
      await database.end();
    }
    const got = receiver.at('/bulk');
    expect(new Set(got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(ids));
    const told = new Set(got.map(({ event }) => `${event.id} ${event.sequence}`));
    expect(told.size).toBe(EVENTS);
    expect(new Set(got.map(({ event }) => event.sequence)).size).toBe(EVENTS);
  },
  PATIENCE_MS,
);
