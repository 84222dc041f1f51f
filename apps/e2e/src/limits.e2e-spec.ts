import { describe, expect, it } from '@jest/globals';
import { secondsToMidnight, waitFor, withinOnePeriod } from '@postern/testing';
import { Client, type Json, type Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const TO = { to: 'success@simulator.amazonses.com', subject: 'Hello', text: 'Hi' };

async function organization(limits: object): Promise<{ id: string; client: Client }> {
  const { body } = await postern.root.post('/v1/organizations', { name: unique('Limited'), limits });
  const client = new Client(postern.local.gateway_url, String(body['api_key']?.['secret']));
  return { id: String(body['organization']?.['id']), client };
}

const header = (reply: Reply, name: string): number => Number(reply.headers.get(name) ?? Number.NaN);
const send = (client: Client, inbox: Json, idempotencyKey?: string): Promise<Reply> =>
  client.post(`/v1/inboxes/${inbox['id']}/messages`, TO, idempotencyKey === undefined ? {} : { idempotencyKey });

describe('requests per minute', () => {
  it('are let in up to the limit of the organization, and nobody else is slowed', async () => {
    const { client: watch } = await organization({ requests_per_minute: 1_000_000 });
    const secondsLeft = async () => header(await watch.get('/v1/inboxes'), 'ratelimit-reset');
    await withinOnePeriod(secondsLeft, async () => {
      const { id, client } = await organization({ requests_per_minute: 30 });
      const replies = await Promise.all(Array.from({ length: 40 }, () => client.get('/v1/inboxes')));
      const allowed = replies.filter(({ status }) => status === 200);
      expect(allowed).toHaveLength(30);
      const left = allowed.map((reply) => header(reply, 'ratelimit-remaining')).sort((a, b) => a - b);
      expect(left).toEqual(Array.from({ length: 30 }, (_, index) => index));

      const refused = replies.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(10);
      for (const reply of refused) {
        expect(reply.body['error']).toMatchObject({ code: 'rate_limited', details: { reason: 'rate' } });
        expect(header(reply, 'ratelimit-limit')).toBe(30);
        expect(header(reply, 'ratelimit-remaining')).toBe(0);
        for (const name of ['retry-after', 'ratelimit-reset']) {
          expect(header(reply, name)).toBeGreaterThanOrEqual(1);
          expect(header(reply, name)).toBeLessThanOrEqual(60);
        }
      }
      expect((await watch.get('/v1/inboxes')).status).toBe(200);

      await postern.root.patch(`/v1/organizations/${id}`, { limits: { requests_per_minute: null } });
      await waitFor(async () => (await client.get('/v1/inboxes')).status === 200, 'the limit to be gone');
    });
  });
});

describe('sends per day', () => {
  const inOneDay = (attempt: () => Promise<void>) => (): Promise<void> => withinOnePeriod(secondsToMidnight, attempt);
  const expectUntilMidnight = (reply: Reply) => {
    expect([reply.status, reply.body['error']]).toEqual([
      429,
      expect.objectContaining({
        code: 'rate_limited',
        details: expect.objectContaining({ reason: 'daily_send_limit' }),
      }),
    ]);
    const left = secondsToMidnight();
    expect(header(reply, 'retry-after')).toBeGreaterThanOrEqual(left);
    expect(header(reply, 'retry-after')).toBeLessThanOrEqual(left + 60);
  };

  it(
    'of an inbox: the fourth of three is 429 until midnight UTC; a repeat is not a fourth',
    inOneDay(async () => {
      const { client } = await organization({});
      const inbox = await postern.inbox(client, { daily_send_limit: 3 });
      const first = await send(client, inbox, 'one');
      expect([first.status, (await send(client, inbox)).status, (await send(client, inbox)).status]).toEqual([
        202, 202, 202,
      ]);
      expectUntilMidnight(await send(client, inbox));
      expectUntilMidnight(await send(client, inbox, 'four'));
      const again = await send(client, inbox, 'one');
      expect([again.status, again.body['id']]).toEqual([202, first.body['id']]);

      expect((await send(client, await postern.inbox(client))).status).toBe(202);
      await client.patch(`/v1/inboxes/${inbox['id']}`, { daily_send_limit: 4 });
      expect((await send(client, inbox, 'four')).status).toBe(202);
      expectUntilMidnight(await send(client, inbox));
    }),
  );

  it(
    'of an organization: over its inboxes together, and no other tenant’s',
    inOneDay(async () => {
      const { client } = await organization({ sends_per_day: 3 });
      const { client: neighbour } = await organization({ sends_per_day: 3 });
      const inboxes = [await postern.inbox(client), await postern.inbox(client)];
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) => send(client, inboxes[index % 2] as Json)),
      );
      expect(replies.filter(({ status }) => status === 202)).toHaveLength(3);
      for (const reply of replies.filter(({ status }) => status !== 202)) expectUntilMidnight(reply);
      expect((await client.get('/v1/messages')).body['data']).toHaveLength(3);
      expect((await send(neighbour, await postern.inbox(neighbour))).status).toBe(202);
    }),
  );
});
