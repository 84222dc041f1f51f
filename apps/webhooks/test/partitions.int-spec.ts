import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  ListEvents,
  ListWebhookDeliveries,
  MessageStatusChangedV1,
  RedeliverWebhook,
  ReplayWebhook,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { daysPass } from './days.js';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Explainer } from './plans.js';
import { Receiver } from './receiver.js';

const EACH_DAY = 4;
const DAYS = 3;
let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;
let explainer: Explainer;
let caller: CommandContext;
/** The partitions that have events of the caller, one for each day. */
let days: string[];

const list = (after: number, more: { limit?: number; types?: string } = {}) =>
  service.ask(ListEvents, caller, { after, limit: 1000, ...more });
const deliveriesOf = async (id: string) =>
  (await service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 100 } })).data;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra);
  caller = callerOf();
  await service.ask(CreateWebhook, caller, { url: receiver.url('/first') });
  for (let day = 1; day <= DAYS; day += 1) {
    await daysPass(service, day === 2 ? 2 : 1);
    for (let n = 0; n < EACH_DAY; n += 1)
      await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
    await waitFor(() => receiver.at('/first').length === day * EACH_DAY, 'the calls of a day');
  }
  const rows = await service.database.query<{ day: string }>(
    'SELECT DISTINCT tableoid::regclass::text AS day FROM events ORDER BY 1',
  );
  days = rows.map(({ day }) => day);
  explainer = new Explainer(service.database);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

describe('of all days of the log, one is read', () => {
  beforeEach(() => expect(days).toHaveLength(DAYS));

  test('by a reader who is at the end, or at the beginning, or in between', async () => {
    const LAST = DAYS * EACH_DAY;
    const types = 'message.sent,message.bounced';
    expect(await explainer.during(() => list(LAST - 1))).toEqual({ read: days.slice(2), whole: [] });
    expect(await explainer.during(() => list(LAST - 1, { types }))).toEqual({ read: days.slice(2), whole: [] });
    expect(await explainer.during(() => list(0, { limit: 2 }))).toEqual({ read: days.slice(0, 1), whole: [] });
    expect(await explainer.during(() => list(EACH_DAY, { limit: 2 }))).toEqual({ read: days.slice(1, 2), whole: [] });
  });

  test('for a call, and for the same call again', async () => {
    const [webhook] = await service.database.query<{ id: string }>('SELECT id FROM webhooks');
    const first = (await deliveriesOf(webhook?.id ?? '')).at(-1);
    const before = receiver.at('/first').length;
    const again = await explainer.during(async () => {
      await service.ask(RedeliverWebhook, caller, { id: first?.id ?? '' });
      await waitFor(() => receiver.at('/first').length > before, 'the call again');
    });
    expect(again).toEqual({ read: days.slice(0, 1), whole: [] });
    expect(receiver.at('/first').at(-1)?.event.sequence).toBe(1);
  });

  test('for a call that was ordered when days were not noted yet, all are', async () => {
    const [webhook] = await service.database.query<{ id: string }>('SELECT id FROM webhooks');
    const first = (await deliveriesOf(webhook?.id ?? '')).at(-1);
    await service.database.query('UPDATE calls SET event_day = NULL WHERE id = $1', [first?.id]);
    const before = receiver.at('/first').length;
    await service.ask(RedeliverWebhook, caller, { id: first?.id ?? '' });
    await waitFor(() => receiver.at('/first').length > before, 'the call');
    expect(receiver.at('/first').at(-1)?.event.sequence).toBe(1);
  });

  test('and the day before, for a replay since a time of it', async () => {
    const { id } = await service.ask(CreateWebhook, caller, { url: receiver.url('/again') });
    const [ofToday] = (await list(2 * EACH_DAY)).data;
    const since = ofToday?.timestamp ?? '';
    const replayed = await explainer.during(async () => {
      expect(await service.ask(ReplayWebhook, caller, { id, body: { since } })).toEqual({ count: EACH_DAY });
      await waitFor(() => receiver.at('/again').length === EACH_DAY, 'the calls');
    });
    expect(replayed).toEqual({ read: days.slice(1), whole: [] });
  });
});
