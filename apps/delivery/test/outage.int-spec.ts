import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newId, RecipientDeferredV1, RecipientFailedV1 } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

jest.setTimeout(150_000);
const MANY = 40;
const LONG_MS = 120_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

async function passMany(): Promise<string[]> {
  const organizations = [newId('org'), newId('org')];
  return Promise.all(
    Array.from({ length: MANY }, (_, index) =>
      stage.pass({ organizationId: organizations[index % 2] ?? newId('org'), inDoubt: 'resend' }),
    ),
  );
}

const countIn = async (ids: string[], states: string[]): Promise<number> => {
  const [row] = await stage.delivery.database.query<{ count: number }>(
    'SELECT count(*) FROM sends WHERE message_id = ANY ($1) AND state = ANY ($2)',
    [ids, states],
  );
  return row?.count ?? 0;
};
const allSent = (ids: string[]) =>
  waitFor(async () => (await countIn(ids, ['sent'])) === ids.length, 'all to be sent', LONG_MS);

async function oneCopyOfEach(ids: string[]): Promise<void> {
  const copies = (await stage.taken()).map(({ tags }) => tags['postern_message'] ?? '');
  expect(copies.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
}

describe('while SES is in trouble', () => {
  test('SES is away: everything waits, nothing fails, all is sent afterwards', async () => {
    await stage.sesAway();
    const ids = await passMany();
    await waitFor(async () => {
      const [row] = await stage.delivery.database.query<{ attempts: number }>(
        'SELECT coalesce(sum(attempt), 0) AS attempts FROM sends WHERE message_id = ANY ($1) AND last_error IS NOT NULL',
        [ids],
      );
      return (row?.attempts ?? 0) >= 5;
    }, 'some attempts');
    expect(await countIn(ids, ['pending', 'claimed'])).toBe(ids.length);
    await stage.sesBack();
    await allSent(ids);
    await oneCopyOfEach(ids);
    const failed = (await stage.delivery.bus.factsOf(RecipientFailedV1)).filter(({ data }) =>
      ids.includes(data.messageId),
    );
    expect(failed).toEqual([]);
    const [tries] = await stage.delivery.database.query<{ tries: number }>(
      'SELECT sum(tries) AS tries FROM sends WHERE message_id = ANY ($1)',
      [ids],
    );
    expect(Number(tries?.tries)).toBe(0);
  });

  test('every third call is throttled: all is sent, once', async () => {
    await stage.faults({ throttle: { probability: 0.33 } });
    const ids = await passMany();
    await allSent(ids);
    await oneCopyOfEach(ids);
    await stage.faults({});
  });

  test('an internal error of SES is a clear no: it is tried again', async () => {
    await stage.faults({ server_error: { next: 3 } });
    const ids = await passMany();
    await allSent(ids);
    await oneCopyOfEach(ids);
  });

  test('the daily quota is used up: the queue stands, and its first message tells why', async () => {
    await stage.faults({ quota_exceeded: { next: 1 } });
    const messageId = await stage.pass({ organizationId: newId('org') });
    const deferred = await waitFor(
      async () =>
        (await stage.delivery.bus.factsOf(RecipientDeferredV1)).find(({ data }) => data.messageId === messageId),
      'the fact',
    );
    expect(deferred.data).toMatchObject({ reason: 'quota_exceeded', attempt: 1 });
    // The queue stands for 30 s at first: what the message is told is when it goes on.
    const toldMs = Date.parse(deferred.data.nextAttemptAt ?? '') - Date.parse(deferred.data.at);
    expect(toldMs).toBeGreaterThan(20_000);
    expect(await stage.stateOf(messageId)).toMatchObject({ state: 'pending', tries: 0 });
  });
});
