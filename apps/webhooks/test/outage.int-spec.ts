import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateWebhook, ListEvents, ListWebhookDeliveries, MessageStatusChangedV1 } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const RECOVERY_MS = 30_000;
let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra({ ownPostgres: true });
  receiver = await Receiver.start();
  service = await startWebhooks(infra);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

test('the database is killed while a POST is under way: its result is kept until it is back, and nothing is sent twice', async () => {
  const caller = callerOf();
  let answer: () => void = () => undefined;
  receiver.on('/during', (response) => {
    answer = () => response.writeHead(200).end();
  });
  const { id } = await service.ask(CreateWebhook, caller, { url: receiver.url('/during') });
  const fact = () => service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  await fact();
  await waitFor(() => receiver.at('/during').length === 1, 'the POST');
  infra.postgres?.kill('SIGKILL');
  answer();
  const rows = await waitFor(
    async () => {
      const query = { id, query: { limit: 10 } };
      const found = await service.ask(ListWebhookDeliveries, caller, query).catch(() => ({ data: [] }));
      return found.data[0]?.status === 'succeeded' && found.data;
    },
    'the result',
    RECOVERY_MS,
  );
  expect(rows).toMatchObject([{ attempt: 1, response_status: 200 }]);
  await fact();
  await waitFor(() => receiver.at('/during').length === 2, 'the next event', RECOVERY_MS);
  answer();
  const { data } = await service.ask(ListEvents, caller, { after: 0, limit: 10 });
  expect(data.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(receiver.at('/during').map(({ event }) => event.sequence)).toEqual([1, 2]);
});
