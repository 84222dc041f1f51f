import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { Client, type Json } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const LIMIT = 5;

let admin: Client;
let organization: Json;
let inbox: Json;

beforeAll(async () => {
  const made = await postern.root.post('/v1/organizations', {
    name: unique('Credits'),
    limits: { credits_per_month: LIMIT },
  });
  organization = made.body['organization'] as Json;
  admin = new Client(postern.local.gateway_url, String(made.body['api_key']?.['secret']));
  inbox = await postern.inbox(admin);
});

const send = (key: string) =>
  admin.post(
    `/v1/inboxes/${inbox['id']}/messages`,
    { to: `success+${key}@simulator.amazonses.com`, subject: 'x', text: 'x' },
    { idempotencyKey: key },
  );

describe('credits', () => {
  it('are spent by accepted messages, once each, until none is left', async () => {
    const first = unique('credit');
    const replies = [await send(first), await send(first)];
    for (let index = 1; index < LIMIT; index += 1) replies.push(await send(unique('credit')));
    expect(replies.map(({ status }) => status)).toEqual(Array(LIMIT + 1).fill(202));
    expect(replies[1]?.headers.get('idempotent-replay')).toBe('true');

    const refused = await send(unique('credit'));
    expect(refused).toMatchObject({ status: 402, body: { error: { code: 'credits_exhausted' } } });
    expect(refused.headers.get('x-credits-remaining')).toBe('0');

    const replay = await send(first);
    expect([replay.status, replay.body['id']]).toEqual([202, replies[0]?.body['id']]);
  });

  it('are in a ledger that adds up', async () => {
    const { body: credits } = await waitFor(async () => {
      const reply = await admin.get('/v1/credits');
      return reply.body['used'] === LIMIT ? reply : null;
    }, 'all charges to be settled');
    expect(credits).toMatchObject({ plan: 'limited', limit: LIMIT, remaining: 0 });
    const { body: ledger } = await admin.get('/v1/credits/ledger');
    expect([...ledger['data']].map((entry) => entry['reason'])).toEqual(Array(LIMIT).fill('message_sent'));
    expect(new Set([...ledger['data']].map((entry) => entry['message_id'])).size).toBe(LIMIT);
  });

  it('come with a higher limit, and cost nothing in test mode', async () => {
    const key = await admin.post('/v1/api_keys', { name: 'test', mode: 'test', scopes: ['*'] });
    const tester = new Client(postern.local.gateway_url, String(key.body['secret']));
    await postern.send(await postern.inbox(tester), {}, tester);
    await postern.root.patch(`/v1/organizations/${organization['id']}`, { limits: { credits_per_month: LIMIT + 1 } });
    await waitFor(async () => (await send(unique('credit'))).status === 202, 'one more to be accepted');
  });
});
