import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  DeleteWebhook,
  GetWebhook,
  ListWebhookDeliveries,
  ListWebhooks,
  type MessageId,
  MESSAGE_TIMELINE,
  MessageStatusChangedV1,
  newId,
  RedeliverWebhook,
  ReplayWebhook,
  TestWebhook,
  type WebhookDelivery,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { CallStore } from '../src/store/call-store.js';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const NOT_FOUND = { code: 'not_found', httpStatus: 404 };
/** More than go in two statements. */
const VERY_MANY = 10_001;
let infra: Infra;
let receiver: Receiver;
let service: ServiceUnderTest;

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

const create = async (caller: CommandContext, path: string): Promise<string> =>
  (await service.ask(CreateWebhook, caller, { url: receiver.url(path) })).id;

/** Publishes an event, and waits for its call. @returns the message that it is about, and the call. */
async function called(
  caller: CommandContext,
  id: string,
): Promise<{ messageId: MessageId; delivery: WebhookDelivery }> {
  const fact = statusChanged(tenantOf(caller), 'message.sent');
  await service.bus.publish(MessageStatusChangedV1, fact);
  const query = { limit: 10 };
  const delivery = await waitFor(async () => {
    const [first] = (await service.ask(ListWebhookDeliveries, caller, { id, query })).data;
    return first?.status === 'succeeded' && first;
  }, 'the call');
  return { messageId: fact.data.message.id as MessageId, delivery };
}

/** What is left of an endpoint, by table. */
async function rowsOf(id: string): Promise<unknown> {
  const [rows] = await service.database.query(
    `SELECT (SELECT count(*) FROM webhooks WHERE id = $1) AS endpoints, (SELECT count(*) FROM calls WHERE webhook_id = $1) AS calls,
            (SELECT count(*) FROM replays WHERE webhook_id = $1) AS replays,
            (SELECT count(*) FROM endpoint_secrets WHERE webhook_id = $1) AS secrets`,
    [id],
  );
  return rows;
}

const untilGone = (id: string): Promise<unknown> =>
  waitFor(async () => Object.values((await rowsOf(id)) as object).every((count) => count === 0), 'the rows to go');

test('a deleted endpoint is out of sight at once with its calls, and then gone', async () => {
  const caller = callerOf();
  const id = await create(caller, '/seen');
  const { messageId, delivery } = await called(caller, id);
  const timeline = async () => (await service.ask(MESSAGE_TIMELINE.webhooks, caller, { id: messageId })).entries;
  expect(await timeline()).toHaveLength(1);
  await service.ask(DeleteWebhook, caller, { id });
  for (const asked of [
    service.ask(GetWebhook, caller, { id }),
    service.ask(DeleteWebhook, caller, { id }),
    service.ask(TestWebhook, caller, { id }),
    service.ask(ReplayWebhook, caller, { id, body: { after_sequence: 0 } }),
    service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 10 } }),
    service.ask(RedeliverWebhook, caller, { id: delivery.id }),
  ]) {
    await expect(asked).rejects.toMatchObject(NOT_FOUND);
  }
  expect((await service.ask(ListWebhooks, caller, { limit: 10 })).data).toEqual([]);
  expect(await timeline()).toEqual([]);
  expect(await rowsOf(id)).toMatchObject({ secrets: 0 });
  await untilGone(id);
});

test('deleting waits for nobody who works on calls or replays of the endpoint, and stops nobody', async () => {
  const caller = callerOf();
  const { organizationId, mode } = tenantOf(caller);
  const id = await create(caller, '/busy');
  const { delivery } = await called(caller, id);
  await service.ask(ReplayWebhook, caller, { id, body: { after_sequence: 0 } });
  await waitFor(() => receiver.at('/busy').length === 2, 'the replay');
  await service.database.transaction(async (tx) => {
    await tx.query('SELECT FROM replays WHERE webhook_id = $1 FOR UPDATE', [id]);
    await tx.query('SELECT FROM calls WHERE id = $1 FOR UPDATE', [delivery.id]);
    await service.ask(DeleteWebhook, caller, { id });
    // A new call locks the endpoint that it names.
    const { event_id: eventId, event_type: eventType } = delivery;
    const call = { organizationId, mode, webhookId: id, eventId, eventType, eventDay: null };
    await new CallStore(0).add(tx, [{ ...call, id: newId('dlv') }]);
  });
  await untilGone(id);
  expect(receiver.at('/busy')).toHaveLength(2);
});

test('however many calls wait for a deleted endpoint, none is made and all go', async () => {
  const caller = callerOf();
  const id = await create(caller, '/many');
  await service.database.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO calls (organization_id, mode, id, webhook_id, event_id, event_type, attempt, retries_left, status, due_at)
       SELECT $1, $2, 'dlv_' || n, $3, 'evt_' || n, 'message.sent', 1, 0, 'pending', now() FROM generate_series(1, $4::int) n`,
      [caller.organizationId, caller.mode, id, VERY_MANY],
    );
    await tx.query(`UPDATE webhooks SET status = 'deleted' WHERE id = $1`, [id]);
  });
  await untilGone(id);
  expect(receiver.at('/many')).toEqual([]);
});
