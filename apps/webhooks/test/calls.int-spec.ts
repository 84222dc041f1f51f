import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  EndpointDisabledV1,
  GetWebhook,
  ListEvents,
  ListWebhookDeliveries,
  MessageStatusChangedV1,
  RotateWebhookSecret,
  type Webhook,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { Webhook as Verifier } from 'standardwebhooks';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra, { retryDelaysMs: [50, 50], timeoutMs: 2_000, leaseMs: 6_000 });
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const register = (caller: CommandContext, path: string, more: object = {}): Promise<Webhook> =>
  service.ask(CreateWebhook, caller, { url: receiver.url(path), ...more });
const happens = (caller: CommandContext): Promise<string> =>
  service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
const deliveriesOf = async (caller: CommandContext, webhook: Webhook) =>
  (await service.ask(ListWebhookDeliveries, caller, { id: webhook.id, query: { limit: 100 } })).data;

test('an event arrives as a POST that the Standard Webhooks library verifies', async () => {
  const caller = callerOf();
  const webhook = await register(caller, '/signed', { headers: { 'X-Team': 'mail' } });
  const id = await happens(caller);
  const [got] = await waitFor(() => receiver.at('/signed').length > 0 && receiver.at('/signed'), 'the POST');
  expect(
    new Verifier(webhook.secret ?? '').verify(got?.body ?? '', got?.headers as Record<string, string>),
  ).toMatchObject({
    id,
    type: 'message.sent',
    sequence: 1,
    organization_id: caller.organizationId,
    mode: 'live',
  });
  expect(got?.headers).toMatchObject({
    'webhook-id': id,
    'content-type': 'application/json',
    'x-team': 'mail',
    traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-/),
  });
  const [delivery] = await waitFor(
    async () => (await deliveriesOf(caller, webhook))[0]?.status === 'succeeded' && deliveriesOf(caller, webhook),
    'the delivery row',
  );
  expect(delivery).toMatchObject({
    event_id: id,
    attempt: 1,
    response_status: 200,
    response_body: 'thanks',
    error: null,
  });
});

test('a failed call comes again with the same id, and each attempt is a row', async () => {
  const caller = callerOf();
  receiver.on('/flaky', (response, _, before) => response.writeHead(before.length === 0 ? 500 : 200).end('hm'));
  const webhook = await register(caller, '/flaky');
  const id = await happens(caller);
  await waitFor(() => receiver.at('/flaky').length === 2, 'the second attempt');
  expect(receiver.at('/flaky').map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
  const rows = await waitFor(async () => {
    const found = await deliveriesOf(caller, webhook);
    return found[0]?.status === 'succeeded' && found;
  }, 'the success');
  expect(rows.map(({ attempt, status, response_status }) => [attempt, status, response_status])).toEqual([
    [2, 'succeeded', 200],
    [1, 'failed', 500],
  ]);
});

test('after the last retry it is given up, and says so', async () => {
  const caller = callerOf();
  receiver.on('/broken', (response) => response.writeHead(503).end());
  const webhook = await register(caller, '/broken');
  await happens(caller);
  const rows = await waitFor(async () => {
    const found = await deliveriesOf(caller, webhook);
    return found[0]?.status === 'exhausted' && found;
  }, 'the end');
  expect(rows.map(({ attempt, status }) => [attempt, status])).toEqual([
    [3, 'exhausted'],
    [2, 'failed'],
    [1, 'failed'],
  ]);
  expect(rows[0]?.next_attempt_at).toBeNull();
});

test('while secrets overlap, old and new both verify', async () => {
  const caller = callerOf();
  const before = await register(caller, '/rotated');
  const after = await service.ask(RotateWebhookSecret, caller, { id: before.id, body: { overlap_seconds: 60 } });
  await happens(caller);
  const [got] = await waitFor(() => receiver.at('/rotated').length > 0 && receiver.at('/rotated'), 'the POST');
  for (const { secret } of [before, after]) {
    const verify = () => new Verifier(secret ?? '').verify(got?.body ?? '', got?.headers as Record<string, string>);
    expect(verify).not.toThrow();
  }
});

test('a redirect is not followed', async () => {
  const caller = callerOf();
  receiver.on('/moved', (response) => response.writeHead(307, { location: receiver.url('/elsewhere') }).end());
  const webhook = await register(caller, '/moved');
  await happens(caller);
  const [row] = await waitFor(async () => {
    const found = await deliveriesOf(caller, webhook);
    return found.some(({ status }) => status === 'failed') && found.slice(-1);
  }, 'the failure');
  expect(row).toMatchObject({ response_status: 307, error: 'The endpoint answered 307; redirects are not followed.' });
  expect(receiver.at('/elsewhere')).toEqual([]);
});

test('of an answer 2 KiB are kept, whatever it holds and whether or not it ends', async () => {
  const caller = callerOf();
  receiver.on('/endless', (response) => {
    response.writeHead(200);
    response.write(Buffer.concat([Buffer.from('a\0€'), Buffer.alloc(4_096, 'b')]));
  });
  const webhook = await register(caller, '/endless');
  await happens(caller);
  const [row] = await waitFor(async () => {
    const found = await deliveriesOf(caller, webhook);
    return found[0]?.status === 'succeeded' && found;
  }, 'the success');
  expect(row?.response_body).toMatch(/^a\uFFFD€b+$/);
  expect(Buffer.from(row?.response_body ?? '')).toHaveLength(2_048);
});

test('the beginning of a binary answer is no longer than of any other', async () => {
  const caller = callerOf();
  receiver.on('/binary', (response) => response.writeHead(200).end(Buffer.alloc(4_096)));
  const webhook = await register(caller, '/binary');
  await happens(caller);
  const [row] = await waitFor(async () => {
    const found = await deliveriesOf(caller, webhook);
    return found[0]?.status === 'succeeded' && found;
  }, 'the success');
  expect(Buffer.byteLength(row?.response_body ?? '')).toBe(2_046);
});

test('an endpoint that does not answer, and one that is not there, are told apart', async () => {
  const caller = callerOf();
  receiver.on('/mute', () => undefined);
  const mute = await register(caller, '/mute');
  const nobody = await service.ask(CreateWebhook, caller, { url: 'http://127.0.0.1:1/' });
  await happens(caller);
  const errorOf = (webhook: Webhook) =>
    waitFor(
      async () => (await deliveriesOf(caller, webhook)).find(({ status }) => status === 'failed')?.error,
      'a failure',
    );
  expect(await errorOf(nobody)).toBe('The endpoint refused the connection.');
  expect(await errorOf(mute)).toBe('The endpoint did not answer in time.');
});

test('410 disables the endpoint at once, gives up what waits, and is told to the others', async () => {
  const caller = callerOf();
  receiver.on('/gone', (response) => response.writeHead(410).end());
  const webhook = await register(caller, '/gone');
  const other = await register(caller, '/watch', { events: ['webhook.disabled'] });
  await happens(caller);
  await waitFor(() => receiver.at('/watch').length === 1, 'the news');
  expect(receiver.at('/watch')[0]?.event).toMatchObject({
    type: 'webhook.disabled',
    data: { webhook_id: webhook.id, url: webhook.url, reason: 'gone' },
  });
  expect(await service.ask(GetWebhook, caller, { id: webhook.id })).toMatchObject({
    status: 'disabled',
    disabled_reason: 'gone',
  });
  expect((await service.ask(GetWebhook, caller, { id: other.id })).status).toBe('enabled');
  expect((await deliveriesOf(caller, webhook)).map(({ status }) => status)).toEqual(['exhausted']);
  const facts = await service.bus.factsOf(EndpointDisabledV1);
  expect(facts.filter(({ data }) => data.webhookId === webhook.id)).toHaveLength(1);
  await happens(caller);
  await waitFor(
    async () => (await service.ask(ListEvents, caller, { after: 2, limit: 10 })).data.length === 1,
    'the log',
  );
  expect(receiver.at('/gone')).toHaveLength(1);
});
