import { beforeAll, describe, expect, it } from '@jest/globals';
import { tenantOf } from './contract/belongings.js';
import type { Client, Json, Reply } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const outside = new Outside(postern);

/** Holds what it finds, so that one message has another status. */
const SECRET = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA'.repeat(20), '-----END RSA PRIVATE KEY-----'].join(
  '\n',
);

let admin: Client;
let inbox: Json;
let received: Json;
let delivered: Json;
let bounced: Json;
let held: Json;
let elsewhere: Json;

beforeAll(async () => {
  ({ admin } = await tenantOf(postern));
  inbox = await postern.inbox(admin);
  const other = await postern.inbox(admin);
  received = await outside.writes(
    inbox,
    { from: 'Ann <Ann@Example.com>', subject: 'Quarterly Numbers', attachments: [{ filename: 'a.txt', content: 'x' }] },
    admin,
  );
  const send = (body: object, from = inbox): Promise<Json> => postern.send(from, body, admin);
  delivered = await send({ subject: 'Re: Numbers', labels: ['a', 'b'], thread_id: received['thread_id'] });
  bounced = await send({
    subject: 'Second',
    to: 'bounce@simulator.amazonses.com',
    cc: 'cc@example.net',
    labels: ['b'],
  });
  held = await send({ subject: 'Third', text: SECRET });
  elsewhere = await send({ subject: 'Elsewhere' }, other);
  delivered = await postern.settled(delivered, ['delivered'], admin);
  await postern.settled(bounced, ['bounced'], admin);
  await postern.settled(held, ['held'], admin);
  await postern.settled(elsewhere, ['delivered'], admin);
});

type Query = Record<string, string | number>;

const get = (query: Query, client = admin): Promise<Reply> => {
  const given = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return client.get(`/v1/inboxes/${inbox['slug']}/messages?${new URLSearchParams(given)}`);
};
const idsOf = ({ body }: Reply): string[] => [...body['data']].map((row: Json) => String(row['id']));
const ids = (...messages: Json[]): string[] => messages.map((message) => String(message['id']));

describe('a list of messages', () => {
  it('is newest first', async () => {
    expect(idsOf(await get({}))).toEqual(ids(held, bounced, delivered, received));
  });

  it.each<[string, () => Record<string, string>, () => Json[]]>([
    ['direction', () => ({ direction: 'inbound' }), () => [received]],
    ['direction', () => ({ direction: 'outbound' }), () => [held, bounced, delivered]],
    ['delivery_status', () => ({ delivery_status: 'delivered' }), () => [delivered]],
    ['delivery_status', () => ({ delivery_status: 'bounced' }), () => [bounced]],
    ['delivery_status', () => ({ delivery_status: 'failed' }), () => []],
    ['security_status', () => ({ security_status: 'flagged' }), () => [held]],
    ['security_status', () => ({ security_status: 'clean' }), () => [bounced, delivered, received]],
    ['thread_id', () => ({ thread_id: String(received['thread_id']) }), () => [delivered, received]],
    ['label', () => ({ label: 'b' }), () => [bounced, delivered]],
    ['label', () => ({ label: 'B' }), () => []],
    ['from', () => ({ from: 'ann@EXAMPLE.com' }), () => [received]],
    ['from', () => ({ from: String(inbox['address']) }), () => [held, bounced, delivered]],
    ['from', () => ({ from: 'nn@example.com' }), () => []],
    ['to', () => ({ to: 'CC@example.net' }), () => [bounced]],
    ['to', () => ({ to: String(inbox['address']) }), () => [received]],
    ['subject', () => ({ subject: 'NUMB' }), () => [delivered, received]],
    ['subject', () => ({ subject: 'e: n' }), () => [delivered]],
    ['subject', () => ({ subject: '%' }), () => []],
    ['since', () => ({ since: String(bounced['created_at']) }), () => [held, bounced]],
    ['until', () => ({ until: String(bounced['created_at']) }), () => [delivered, received]],
    ['has_attachments', () => ({ has_attachments: 'true' }), () => [received]],
    ['has_attachments', () => ({ has_attachments: 'false' }), () => [held, bounced, delivered]],
    ['after', () => ({ after: String(delivered['id']) }), () => [held, bounced]],
    ['label and status', () => ({ label: 'b', delivery_status: 'bounced' }), () => [bounced]],
    [
      'subject, sender and direction',
      () => ({ subject: 'numbers', from: 'ann@example.com', direction: 'inbound' }),
      () => [received],
    ],
    ['q, label and attachments', () => ({ q: 'numbers', label: 'a', has_attachments: 'false' }), () => [delivered]],
    ['what excludes each other', () => ({ direction: 'inbound', delivery_status: 'bounced' }), () => []],
    [
      'since and until',
      () => ({ since: String(delivered['created_at']), until: String(held['created_at']) }),
      () => [bounced, delivered],
    ],
  ])('can be filtered by %s', async (_name, query, wanted) => {
    const reply = await get(query());
    expect([reply.status, idsOf(reply)]).toEqual([200, ids(...wanted())]);
  });

  it('covers every inbox of the tenant, or those of the key', async () => {
    expect(idsOf(await admin.get('/v1/messages'))).toEqual(ids(elsewhere, held, bounced, delivered, received));
    expect(idsOf(await admin.get('/v1/messages?delivery_status=delivered'))).toEqual(ids(elsewhere, delivered));
    expect(idsOf(await admin.get('/v1/messages?to=success@simulator.amazonses.com&label=a'))).toEqual(ids(delivered));
    expect(idsOf(await (await tenantOf(postern)).admin.get('/v1/messages?subject=numbers'))).toEqual([]);
  });

  it.each<Query>([{}, { label: 'b' }, { q: 'numbers' }, { delivery_status: 'delivered' }, { subject: 'e' }])(
    'has pages that lead through %j once',
    async (query) => {
      const all = idsOf(await get(query));
      const paged: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await get({ ...query, limit: 1, ...(cursor === '' ? {} : { cursor }) });
        expect(page.body['has_more']).toBe(page.body['next_cursor'] !== null);
        paged.push(...idsOf(page));
        cursor = page.body['next_cursor'] === null ? null : String(page.body['next_cursor']);
      }
      expect(paged).toEqual(all);
    },
  );

  it.each<Query>([
    { limit: 0 },
    { limit: 101 },
    { cursor: 'nonsense' },
    { direction: 'sideways' },
    { delivery_status: 'lost' },
    { security_status: 'fine' },
    { thread_id: 'thr_short' },
    { since: 'yesterday' },
    { has_attachments: 'maybe' },
    { after: 'msg_short' },
    { after: 'thr_01k9x5e8w2f7h8j9k0m1n2p3q4' },
    { wait: 31 },
    { wait: -1 },
    { q: '' },
    { q: '-' },
    { subject: '' },
    { unknown: 'x' },
  ])('refuses %j', async (query) => {
    const { status, body } = await get(query);
    expect([status, body['error']['code']]).toEqual([422, 'validation_error']);
    expect([...body['error']['details']['issues']][0]).toMatchObject({ path: Object.keys(query)[0] });
  });

  it('is 404 for an inbox of somebody else, before anything else is looked at', async () => {
    const stranger = await tenantOf(postern);
    expect((await get({ limit: 0 }, stranger.admin)).status).toBe(404);
    expect((await get({ q: 'numbers' }, stranger.admin)).status).toBe(404);
  });
});

describe('threads', () => {
  it('are listed newest first, with what is in them', async () => {
    const { body } = await admin.get(`/v1/inboxes/${inbox['id']}/threads`);
    const threads: Json[] = [...body['data']];
    expect(threads.map((thread: Json) => thread['id'])).toEqual(
      [held, bounced, received].map((message) => message['thread_id']),
    );
    expect(threads.at(-1)).toMatchObject({
      inbox_id: inbox['id'],
      subject: 'Quarterly Numbers',
      message_count: 2,
      last_message_id: delivered['id'],
      last_message_at: delivered['created_at'],
      labels: [],
    });
    const people: Json[] = [...(threads.at(-1)?.['participants'] ?? [])];
    const addresses = people.map((one) => String(one['address']).toLowerCase());
    expect(addresses).toEqual(expect.arrayContaining(['ann@example.com', inbox['address']]));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('show their messages oldest first, page by page', async () => {
    const path = `/v1/threads/${received['thread_id']}/messages`;
    expect(idsOf(await admin.get(path))).toEqual(ids(received, delivered));
    const first = await admin.get(`${path}?limit=1`);
    expect(idsOf(first)).toEqual(ids(received));
    expect(idsOf(await admin.get(`${path}?limit=1&cursor=${first.body['next_cursor']}`))).toEqual(ids(delivered));
  });

  it('of one page after the other are each there once while new ones come', async () => {
    const busy = await postern.inbox(admin);
    for (let round = 0; round < 3; round += 1) await postern.send(busy, { subject: unique('thread') }, admin);
    const path = `/v1/inboxes/${busy['id']}/threads?limit=2`;
    const first = await admin.get(path);
    await postern.send(busy, { subject: 'newer' }, admin);
    await postern.send(busy, { subject: 'again', thread_id: [...first.body['data']][0]?.['id'] }, admin);
    const second = await admin.get(`${path}&cursor=${first.body['next_cursor']}`);
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(3);
  });
});
