import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import { Client, type Json, type Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const BATCH = '/v1/messages/batch';

let tenant: Tenant;
let inbox: Json;

beforeAll(async () => {
  tenant = await tenantOf(postern);
  inbox = await postern.inbox(tenant.admin);
});

const item = (given: object = {}): object => ({
  inbox_id: inbox['id'],
  to: 'success@simulator.amazonses.com',
  subject: 'Batch',
  text: 'Batch',
  ...given,
});
const sendAll = (messages: unknown[], client: Client = tenant.admin, options = {}): Promise<Reply> =>
  client.post(BATCH, { messages }, options);
const statusesOf = (reply: Reply): number[] => rowsOf(reply).map((row) => Number(row['status']));
const idsOf = (reply: Reply): string[] => rowsOf(reply).map((row) => String(row['message']?.['id']));
const isReplay = ({ headers }: Reply): boolean => headers.get('idempotent-replay') === 'true';
const countOf = async (client: Client, of: Json): Promise<number> =>
  rowsOf(await client.get(`/v1/inboxes/${of['id']}/messages?limit=100`)).length;

describe('a batch', () => {
  it('of 100 is accepted in the order of the request, and sent', async () => {
    const label = unique('hundred');
    const to = `success+${label}@simulator.amazonses.com`;
    const subjects = Array.from({ length: 100 }, (_, index) => `${label} ${index}`);
    const reply = await sendAll(subjects.map((subject) => item({ subject, to })));
    expect(reply.status).toBe(200);
    expect(rowsOf(reply).map((row) => [Number(row['status']), String(row['message']?.['subject'])])).toEqual(
      subjects.map((subject) => [202, subject]),
    );
    expect(new Set(idsOf(reply)).size).toBe(100);
    await waitFor(async () => (await postern.sandbox.count({ to })) === 100, 'all of them at SES');
  });

  it.each([
    ['none', []],
    ['101', Array.from({ length: 101 }, () => ({}))],
    ['no list', 'x'],
  ])('of %s is refused as a whole', async (_count, messages) => {
    const reply = await tenant.admin.post(BATCH, { messages });
    expect([reply.status, reply.body['error']?.['details']?.['issues']?.[0]?.['path']]).toEqual([422, 'messages']);
  });

  it('with wrong items tells of each what is wrong, and sends the others', async () => {
    const gone = `${unique('gone')}@example.com`;
    await tenant.admin.post('/v1/suppressions', { address: gone });
    await waitFor(
      async () => statusesOf(await sendAll([item({ to: gone })]))[0] === 422,
      'the suppression to be known',
    );
    const paused = await postern.inbox(tenant.admin);
    await tenant.admin.post(`/v1/inboxes/${paused['id']}/pause`);
    const deaf = await postern.inbox(tenant.admin, { security_level: 'receive_only' });
    const strange = await postern.inbox();
    const reply = await sendAll([
      item(),
      item({ to: ['a@', 'b@example.com'], bcc: 'c@', no_such_field: 1 }),
      item({ to: gone }),
      item({ inbox_id: paused['id'] }),
      item({ inbox_id: deaf['id'] }),
      item({ inbox_id: strange['id'] }),
      item({ inbox_id: 'inb_malformed', to: 1 }),
      item({ inbox_id: inbox['slug'] }),
      item({ text: 'a\u0000b' }),
      'not an object',
      null,
      item({ subject: 'last' }),
    ]);
    const rows = rowsOf(reply);
    expect(rows.map((row) => [Number(row['status']), row['error']?.['code']])).toEqual([
      [202, undefined],
      [422, 'validation_error'],
      [422, 'recipients_blocked'],
      [409, 'inbox_paused'],
      [403, 'level_insufficient'],
      [404, 'not_found'],
      [404, 'not_found'],
      [202, undefined],
      [422, 'validation_error'],
      [422, 'validation_error'],
      [422, 'validation_error'],
      [202, undefined],
    ]);
    const pathsOf = (row: Json | undefined): string[] =>
      [...(row?.['error']?.['details']?.['issues'] ?? [])].map((issue) => String(issue['path']));
    expect(pathsOf(rows[1]).toSorted()).toEqual(['bcc[0]', 'no_such_field', 'to[0]']);
    expect(rows[2]?.['error']?.['details']?.['recipients']).toEqual([{ address: gone, reason: 'suppressed_manual' }]);
    expect(pathsOf(rows[8])).toEqual(['text']);
    expect(rows[1]?.['error']).toMatchObject({
      status: 422,
      request_id: reply.headers.get('x-request-id'),
      message: expect.any(String),
    });
  });

  it('is 413 over 15 MiB, whatever is in it', async () => {
    const reply = await sendAll([
      item({ text: 'x'.repeat(8 * 1024 * 1024) }),
      item({ text: 'y'.repeat(8 * 1024 * 1024) }),
    ]);
    expect([reply.status, reply.body['error']?.['code']]).toEqual([413, 'payload_too_large']);
  });

  it('waits for all verdicts when it prefers to', async () => {
    const reply = await sendAll([item(), item(), item({ to: 'x' })], tenant.admin, { headers: { prefer: 'wait=30' } });
    expect(reply.headers.get('preference-applied')).toBe('wait=30');
    expect(rowsOf(reply).map((row) => row['message']?.['security_status'])).toEqual(['clean', 'clean', undefined]);
  });
});

describe('a repeat of a batch', () => {
  it('with the header gives the same messages by their places', async () => {
    const of = await postern.inbox(tenant.admin);
    const options = { idempotencyKey: unique('batch') };
    const messages = [
      item({ inbox_id: of['id'] }),
      item({ inbox_id: of['id'], to: 'x' }),
      item({ inbox_id: of['id'] }),
    ];
    const first = await sendAll(messages, tenant.admin, options);
    const again = await sendAll(messages, tenant.admin, options);
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    expect(idsOf(again)).toEqual(idsOf(first));
    expect(statusesOf(again)).toEqual([202, 422, 202]);
    const mended = await sendAll([messages[0], item({ inbox_id: of['id'] }), messages[2]], tenant.admin, options);
    expect([isReplay(mended), statusesOf(mended)]).toEqual([false, [202, 202, 202]]);
    const changed = await sendAll([item({ inbox_id: of['id'], subject: 'Other' })], tenant.admin, options);
    expect(rowsOf(changed).map((row) => row['error']?.['code'])).toEqual(['idempotency_conflict']);
    expect(await countOf(tenant.admin, of)).toBe(3);
  });

  it('by client_id gives the same message at any place, also twice in one batch', async () => {
    const of = await postern.inbox(tenant.admin);
    const mine = item({ inbox_id: of['id'], client_id: unique('mine') });
    const first = await sendAll([mine, mine]);
    expect(new Set(idsOf(first)).size).toBe(1);
    const other = item({ inbox_id: of['id'] });
    const again = await sendAll([other, mine], tenant.admin, { idempotencyKey: unique('batch') });
    expect([isReplay(again), idsOf(again)[1]]).toEqual([false, idsOf(first)[0]]);
    const conflict = await sendAll([{ ...mine, subject: 'Other' }]);
    expect(statusesOf(conflict)).toEqual([409]);
    expect(await countOf(tenant.admin, of)).toBe(2);
  });

  it('20 times at once makes each message once', async () => {
    const of = await postern.inbox(tenant.admin);
    const messages = Array.from({ length: 5 }, () => item({ inbox_id: of['id'] }));
    const options = { idempotencyKey: unique('race') };
    const replies = await Promise.all(Array.from({ length: 20 }, () => sendAll(messages, tenant.admin, options)));
    expect(new Set(replies.map((reply) => statusesOf(reply).join()))).toEqual(new Set(['202,202,202,202,202']));
    expect(new Set(replies.map((reply) => idsOf(reply).join())).size).toBe(1);
    expect(await countOf(tenant.admin, of)).toBe(5);
  });
});

it('each accepted item takes one credit, and the items that none is left for are 402', async () => {
  const made = await postern.root.post('/v1/organizations', { name: unique('Poor'), limits: { credits_per_month: 3 } });
  const admin = new Client(postern.local.gateway_url, String(made.body['api_key']?.['secret']));
  const of = await postern.inbox(admin);
  const one = item({ inbox_id: of['id'] });
  const reply = await sendAll([one, { ...one, to: 'x' }, one, one, one, one], admin);
  expect(statusesOf(reply).toSorted()).toEqual([202, 202, 202, 402, 402, 422]);
  expect(await countOf(admin, of)).toBe(3);
  await waitFor(async () => Number((await admin.get('/v1/credits')).body['used']) === 3, 'the credits to be charged');
});
