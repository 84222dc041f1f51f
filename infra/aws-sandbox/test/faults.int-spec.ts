import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { refusalOf, sendCommand, startFixture, trackedSending } from './fixture.js';
import type { Fixture } from './fixture.js';
import type { SnsEndpoint } from './sns-endpoint.js';

let fixture: Fixture;
let endpoint: SnsEndpoint;
beforeAll(async () => {
  fixture = await startFixture();
  endpoint = await trackedSending(fixture);
});
afterEach(async () => {
  await fixture.call('POST', '/faults', {});
});
afterAll(async () => {
  await fixture.stop();
  await endpoint.stop();
});

const send = (to: string) => fixture.ses.send(sendCommand(to, { ConfigurationSetName: 'tracking' }));
const refused = (to: string) => refusalOf(send(to));

/** Waits until the switches show this. */
const faultsAre = async (expected: object): Promise<void> => {
  const deadline = Date.now() + 60_000;
  while (JSON.stringify((await fixture.call('GET', '/faults')).body) !== JSON.stringify(expected)) {
    if (Date.now() > deadline) throw new Error('The faults were not used up in time.');
  }
};
const taken = async (to: string) => (await fixture.call('GET', `/messages/count?to=${to}`)).body;
const recordsOf = (to: string) =>
  endpoint.calls
    .filter(({ body }) => body['Message']?.includes(to))
    .map(({ body }) => ({ id: body['MessageId'], type: JSON.parse(body['Message'] ?? '').eventType as string }));

/** The SDK's own error has the code ECONNRESET, which is lost between the realms of a Jest test. */
const RESET = { message: expect.stringContaining('socket hang up') };

test.each([
  ['throttle', { name: 'Throttling', message: 'Maximum sending rate exceeded.', status: 400 }, 0],
  ['quota_exceeded', { name: 'Throttling', message: 'Daily message quota exceeded.' }, 0],
  ['server_error', { name: 'InternalFailure', status: 500 }, 0],
  ['reset_before', RESET, 0],
  ['reset_after', RESET, 1],
])('%s strikes as often as it was told', async (fault, error, count) => {
  const to = `${fault}@example.com`;
  expect((await fixture.call('POST', '/faults', { [fault]: { next: 2 } })).status).toBe(200);
  expect(await refused(to)).toMatchObject(error);
  expect((await fixture.call('GET', '/faults')).body).toEqual({ [fault]: { next: 1 } });
  expect(await refused(to)).toMatchObject(error);
  expect(await taken(to)).toEqual({ count: count * 2 });
  await send(to);
  expect(await taken(to)).toEqual({ count: count * 2 + 1 });
});

test('what was taken before a reset is announced all the same', async () => {
  await fixture.call('POST', '/faults', { reset_after: { probability: 1 } });
  expect(await refused('doubt@example.com')).toMatchObject(RESET);
  await endpoint.next(({ body }) => body['Message']?.includes('doubt@example.com') === true);
});

test('latency holds the answer back', async () => {
  await fixture.call('POST', '/faults', { latency_ms: 300 });
  const startedAt = performance.now();
  await send('slow@example.com');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
  // Its feedback must not meet the faults of the next test.
  for (let n = 0; n < 2; n++) {
    await endpoint.next(({ body }) => body['Message']?.includes('slow@example.com') === true);
  }
});

test('dropped feedback is lost, Send too', async () => {
  await fixture.call('POST', '/faults', { feedback: { drop: { next: 2 } } });
  await send('dropped@example.com');
  await faultsAre({ feedback: { drop: { next: 0 } } });
  await send('after-dropped@example.com');
  await endpoint.next(
    ({ body }) =>
      body['Message']?.includes('after-dropped@example.com') === true && body['Message'].includes('"Delivery"'),
  );
  expect(recordsOf('["dropped@example.com')).toEqual([]);
});

test('duplicates come with one SNS id and with two', async () => {
  await fixture.call('POST', '/faults', { feedback: { duplicate: { probability: 1 } } });
  await send('twice@example.com');
  for (let n = 0; n < 4; n++)
    await endpoint.next(({ body }) => body['Message']?.includes('twice@example.com') === true);
  const records = recordsOf('twice@example.com');
  expect(records.map(({ type }) => type).toSorted()).toEqual(['Delivery', 'Delivery', 'Send', 'Send']);
  expect(new Set(records.map(({ id }) => id)).size).toBe(3);
});

test('reordered feedback comes last first', async () => {
  await fixture.call('POST', '/faults', { feedback: { reorder: { probability: 1 } } });
  await send('reordered@example.com');
  for (let n = 0; n < 2; n++)
    await endpoint.next(({ body }) => body['Message']?.includes('reordered@example.com') === true);
  expect(recordsOf('reordered@example.com').map(({ type }) => type)).toEqual(['Delivery', 'Send']);
});

test('feedback can be delayed', async () => {
  await fixture.call('POST', '/faults', { feedback: { delay_ms: 400 } });
  const startedAt = performance.now();
  await send('delayed@example.com');
  await endpoint.next(({ body }) => body['Message']?.includes('delayed@example.com') === true);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(390);
});

test.each([
  [{ throtle: { next: 1 } }, 'The body has an unknown field "throtle"'],
  [{ throttle: 3 }, 'throttle must be a JSON object.'],
  [{ throttle: { next: 1, probability: 1 } }, 'throttle needs either'],
  [{ throttle: { next: 1.5 } }, 'throttle.next must be a whole number'],
  [{ reset_after: { probability: 2 } }, 'reset_after.probability must be a number from 0 to 1.'],
  [{ feedback: { lose: {} } }, 'feedback has an unknown field "lose"'],
  [{ latency_ms: -1 }, 'latency_ms must be a number from 0'],
])('%j is refused with a sentence, and nothing changes', async (faults, message) => {
  const answer = await fixture.call('POST', '/faults', faults);
  expect(answer).toMatchObject({ status: 422, body: { error: { message: expect.stringContaining(message) } } });
  expect((await fixture.call('GET', '/faults')).body).toEqual({});
});
