import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateWebhook, ListEvents, ListWebhookDeliveries, SuppressionAddedV1 } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { RetentionStore } from '../src/store/retention-store.js';
import { suppressionAdded, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const KEEP_DAYS = 30;
let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

test('old events and calls are deleted, the sequence goes on, and readers behind it are told', async () => {
  const caller = callerOf();
  const { id } = await service.ask(CreateWebhook, caller, { url: receiver.url('/kept') });
  const happens = () => service.bus.publish(SuppressionAddedV1, suppressionAdded(tenantOf(caller)));
  const deliveries = async () => (await service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 10 } })).data;
  const settled = (count: number) =>
    waitFor(async () => {
      const rows = await deliveries();
      return rows.length === count && rows.every(({ status }) => status === 'succeeded');
    }, `${count} deliveries`);
  await happens();
  await happens();
  await settled(2);
  await service.database.query(`UPDATE events SET recorded_at = now() - interval '31 days'`);
  await service.database.query(`UPDATE calls SET created_at = now() - interval '31 days'`);
  await happens();
  await settled(3);
  const store = service.app.get(RetentionStore);
  expect(await store.deleteCalls(KEEP_DAYS)).toEqual({ more: false });
  expect(await store.deleteEvents(KEEP_DAYS)).toEqual({ more: false });
  expect(await deliveries()).toHaveLength(1);
  const list = (after: number) => service.ask(ListEvents, caller, { after, limit: 10 });
  expect((await list(0)).data.map(({ sequence }) => sequence)).toEqual([3]);
  await expect(list(1)).rejects.toMatchObject({ code: 'events_expired' });
  expect((await list(2)).data).toHaveLength(1);
});
