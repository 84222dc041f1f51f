import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import { Client, type Json, type Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const TO = 'success@simulator.amazonses.com';
const complete = { to: TO, subject: 'Draft', text: 'Draft' };

let tenant: Tenant;
let admin: Client;
let inbox: Json;

beforeAll(async () => {
  tenant = await tenantOf(postern);
  admin = tenant.admin;
  inbox = await postern.inbox(admin);
});

const draftOf = async (body: object = complete, of = inbox): Promise<Json> =>
  expectStatus(201, await admin.post(`/v1/inboxes/${of['id']}/drafts`, body));
const send = (draft: Json, options = {}): Promise<Reply> =>
  admin.post(`/v1/drafts/${draft['id']}/send`, undefined, options);
const get = (draft: Json): Promise<Reply> => admin.get(`/v1/drafts/${draft['id']}`);
const patch = (draft: Json, body: object): Promise<Reply> => admin.patch(`/v1/drafts/${draft['id']}`, body);
const codeOf = ({ status, body }: Reply): unknown[] => [status, body['error']?.['code']];
const pathsOf = ({ body }: Reply): string[] =>
  [...new Set([...(body['error']?.['details']?.['issues'] ?? [])].map((issue) => String(issue['path'])))].toSorted();
const isReplay = ({ headers }: Reply): boolean => headers.get('idempotent-replay') === 'true';
const messagesOf = async (of: Json): Promise<Json[]> =>
  rowsOf(await admin.get(`/v1/inboxes/${of['id']}/messages?limit=100`));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const attachmentsOf = (owner: Json): Json[] => owner['attachments'] as unknown as Json[];
const namesOf = (owner: Json): string[] => attachmentsOf(owner).map((one) => String(one['filename']));

describe('a draft', () => {
  it('may be empty', async () => {
    const draft = await draftOf({});
    expect(draft).toEqual({
      id: expect.stringMatching(/^drf_/),
      inbox_id: inbox['id'],
      to: [],
      cc: [],
      bcc: [],
      reply_to: [],
      subject: null,
      text: null,
      html: null,
      labels: [],
      metadata: {},
      headers: {},
      attachments: [],
      thread_id: null,
      in_reply_to: null,
      references: [],
      client_id: null,
      send_at: null,
      undo_seconds: null,
      on_blocked_recipient: null,
      if_thread_last_message_id: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await get(draft)).body).toEqual(draft);
  });

  it('keeps everything that can be said of a message', async () => {
    const sendAt = new Date(Date.now() + 3600_000).toISOString();
    const body = {
      to: ['Ann <ann@example.com>'],
      cc: 'bob@example.com',
      bcc: [{ address: 'eve@example.com', name: 'Eve' }],
      reply_to: 'desk@example.com',
      subject: 'All',
      text: 'Text',
      html: '<p>HTML</p>',
      labels: ['a'],
      metadata: { order: '7' },
      headers: { 'X-Case': '42' },
      in_reply_to: '<a@example.com>',
      references: ['<b@example.com>', '<a@example.com>'],
      client_id: 'mine',
      send_at: sendAt,
      undo_seconds: 5,
      on_blocked_recipient: 'skip',
    };
    expect(await draftOf(body)).toMatchObject({
      ...body,
      to: [{ address: 'ann@example.com', name: 'Ann' }],
      cc: [{ address: 'bob@example.com', name: null }],
      bcc: [{ address: 'eve@example.com', name: 'Eve' }],
      reply_to: [{ address: 'desk@example.com', name: null }],
    });
  });

  it('is checked in each field that it has, as a send is', async () => {
    const wrong = {
      to: 'ann@',
      cc: [],
      bcc: ['x'],
      send_at: 'soon',
      headers: { Bcc: 'x' },
      undo_seconds: -1,
      no_such: 1,
    };
    const reply = await admin.post(`/v1/inboxes/${inbox['id']}/drafts`, wrong);
    expect(codeOf(reply)).toEqual([422, 'validation_error']);
    expect(pathsOf(reply)).toEqual(['bcc[0]', 'headers.Bcc', 'no_such', 'send_at', 'to[0]', 'undo_seconds']);
    expect(pathsOf(await patch(await draftOf(), wrong))).toEqual(pathsOf(reply));
  });

  it('is changed: absent leaves, null clears, a value sets', async () => {
    const draft = await draftOf({ ...complete, cc: 'c@example.com', labels: ['a'], metadata: { a: '1' } });
    const reply = await patch(draft, { subject: null, cc: null, labels: null, text: 'New', html: '<p>New</p>' });
    expect(reply.body).toEqual({
      ...(draft as object),
      subject: null,
      cc: [],
      labels: [],
      text: 'New',
      html: '<p>New</p>',
      updated_at: expect.any(String),
    });
    expect(String(reply.body['updated_at']) > String(draft['updated_at'])).toBe(true);
    expect((await get(draft)).body).toEqual(reply.body);
    expect((await patch(draft, {})).status).toBe(200);
  });

  it('has at most 50 recipients, over several changes too', async () => {
    const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index}@example.com`);
    const draft = await draftOf({ to: many(30) });
    expect(pathsOf(await patch(draft, { cc: many(21) }))).toEqual(['to']);
    expect((await patch(draft, { cc: many(20) })).status).toBe(200);
  });

  it('is refused when no message could hold it', async () => {
    const draft = await draftOf({ text: 'x'.repeat(6 * 1024 * 1024) });
    expect(codeOf(await patch(draft, { html: 'x'.repeat(6 * 1024 * 1024) }))).toEqual([413, 'payload_too_large']);
    const content = Buffer.alloc(4 * 1024 * 1024).toString('base64');
    expect(codeOf(await patch(draft, { attachments: [{ filename: 'a', content }] }))).toEqual([
      413,
      'payload_too_large',
    ]);
    expect((await get(draft)).body['updated_at']).toBe(draft['updated_at']);
  });

  it('is deleted once', async () => {
    const draft = await draftOf();
    expect((await admin.delete(`/v1/drafts/${draft['id']}`)).status).toBe(204);
    expect((await admin.delete(`/v1/drafts/${draft['id']}`)).status).toBe(404);
    for (const gone of [await get(draft), await patch(draft, { no_such: 1 }), await send(draft)])
      expect(codeOf(gone)).toEqual([404, 'not_found']);
  });

  it.each(['drf_x', 'drf_00000000000000000000000000', 'msg_01k9x5e8w2f7h8j9k0m1n2p3q4'])('%s is none', async (id) => {
    expect(codeOf(await admin.get(`/v1/drafts/${id}`))).toEqual([404, 'not_found']);
    expect(codeOf(await admin.post(`/v1/drafts/${id}/send`))).toEqual([404, 'not_found']);
  });

  it('needs the scope of what is done with it', async () => {
    const draft = await draftOf();
    const reader = await tenant.key({ scopes: ['messages:read'] });
    const writer = await tenant.key({ scopes: ['messages:write'] });
    const sender = await tenant.key({ scopes: ['messages:send'] });
    const path = `/v1/drafts/${draft['id']}`;
    expect((await reader.get(path)).status).toBe(200);
    expect((await reader.patch(path, { text: 'x' })).status).toBe(403);
    expect((await writer.post(`${path}/send`)).status).toBe(403);
    expect((await sender.patch(path, { text: 'x' })).status).toBe(403);
    expect((await writer.patch(path, { text: 'x' })).status).toBe(200);
    expect((await sender.post(`${path}/send`)).status).toBe(202);
  });
});

it('drafts are listed by inbox, newest first, in pages', async () => {
  const of = await postern.inbox(admin);
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.unshift(String((await draftOf({ subject: `${index}` }, of))['id']));
  const pages: string[][] = [];
  for (let cursor = ''; ;) {
    const page = await admin.get(`/v1/inboxes/${of['slug']}/drafts?limit=2${cursor}`);
    pages.push(rowsOf(page).map((draft) => String(draft['id'])));
    if (String(page.body['has_more']) === 'false') break;
    cursor = `&cursor=${page.body['next_cursor']}`;
  }
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(pages.flat()).toEqual(ids);
  expect(codeOf(await admin.get(`/v1/inboxes/${of['id']}/drafts?cursor=x`))).toEqual([422, 'validation_error']);
});

describe('attachments of a draft', () => {
  it('are stored at once, keep their ids, and go with the message', async () => {
    const of = await postern.inbox(admin);
    const first = await draftOf(
      {
        ...complete,
        attachments: [
          { filename: 'a.txt', content_type: 'text/plain', content: base64('one') },
          { filename: 'b.png', content_type: 'image/png', content: base64('two'), content_id: 'logo' },
        ],
      },
      of,
    );
    expect(first['attachments']).toEqual([
      expect.objectContaining({ filename: 'a.txt', size: 3, disposition: 'attachment', content_id: null }),
      expect.objectContaining({ filename: 'b.png', size: 3, disposition: 'inline', content_id: 'logo' }),
    ]);
    const [a, b] = attachmentsOf(first);
    expect((await admin.get(`/v1/attachments/${a?.['id']}`)).body).toMatchObject({
      inbox_id: of['id'],
      message_id: null,
    });

    const { body: changed } = await patch(first, {
      attachments: [
        { id: b?.['id'], content_id: 'logo' },
        { id: a?.['id'] },
        { filename: 'c.txt', content: base64('three') },
      ],
    });
    expect(namesOf(changed)).toEqual(['b.png', 'a.txt', 'c.txt']);
    expect(attachmentsOf(changed).map(({ id }) => id)).toEqual([b?.['id'], a?.['id'], expect.any(String)]);
    expect(namesOf((await patch(first, { text: 'Other' })).body)).toEqual(['b.png', 'a.txt', 'c.txt']);

    const message = expectStatus(202, await send(first));
    expect(namesOf(message)).toEqual(['b.png', 'a.txt', 'c.txt']);
    const raw = String((await admin.get(`/v1/messages/${message['id']}/raw`)).body);
    for (const text of ['one', 'two', 'three']) expect(raw).toContain(base64(text));
    expect((await admin.get(`/v1/attachments/${a?.['id']}`)).status).toBe(404);
  });

  it('are all taken away by null, and wrong ones are named', async () => {
    const draft = await draftOf({ attachments: [{ filename: 'a.txt', content: base64('one') }] });
    const strange = 'att_01k9x5e8w2f7h8j9k0m1n2p3q4';
    expect(pathsOf(await patch(draft, { attachments: [{ id: strange }] }))).toEqual(['attachments[0].id']);
    expect(namesOf((await get(draft)).body)).toEqual(['a.txt']);
    expect((await patch(draft, { attachments: null })).body['attachments']).toEqual([]);
  });
});

describe('a draft that is sent', () => {
  it('becomes the message that it says, and is gone', async () => {
    const draft = await draftOf({
      ...complete,
      cc: 'success+copy@simulator.amazonses.com',
      labels: ['a'],
      metadata: { order: '7' },
      client_id: 'mine',
    });
    const message = expectStatus(202, await send(draft));
    expect(message).toMatchObject({
      inbox_id: inbox['id'],
      subject: 'Draft',
      text: 'Draft',
      labels: ['a'],
      metadata: { order: '7' },
      client_id: 'mine',
      delivery_status: 'queued',
    });
    expect(codeOf(await get(draft))).toEqual([404, 'not_found']);
    expect(codeOf(await send(draft))).toEqual([404, 'not_found']);
    await postern.settled(message, ['delivered'], admin);
  });

  it('is scheduled when it says so', async () => {
    const sendAt = new Date(Date.now() + 3600_000).toISOString();
    const message = expectStatus(202, await send(await draftOf({ ...complete, send_at: sendAt })));
    expect(message).toMatchObject({ delivery_status: 'scheduled', send_at: sendAt });
  });

  it('waits for the verdict when the caller prefers that', async () => {
    const reply = await send(await draftOf(), { headers: { prefer: 'wait=30' } });
    expect([reply.status, reply.body['security_status'], reply.headers.get('preference-applied')]).toEqual([
      202,
      'clean',
      'wait=30',
    ]);
  });

  it('gives the same message to who repeats the call', async () => {
    const draft = await draftOf();
    const options = { idempotencyKey: unique('draft') };
    const first = await send(draft, options);
    const again = await send(draft, options);
    expect([again.status, isReplay(again), again.body['id']]).toEqual([202, true, first.body['id']]);
  });

  it.each([
    ['with a key', { idempotencyKey: unique('race') }],
    ['without one', {}],
  ])('20 times at once, %s, makes one message', async (_how, options) => {
    const of = await postern.inbox(admin);
    const draft = await draftOf(complete, of);
    const replies = await Promise.all(Array.from({ length: 20 }, () => send(draft, options)));
    const accepted = replies.filter(({ status }) => status === 202);
    expect(new Set(accepted.map(({ body }) => String(body['id']))).size).toBe(1);
    expect(accepted.filter((reply) => !isReplay(reply))).toHaveLength(1);
    const others = 'idempotencyKey' in options ? ['202'] : ['202', '404'];
    expect([...new Set(replies.map(({ status }) => String(status)))].toSorted()).toEqual(others);
    expect(await messagesOf(of)).toHaveLength(1);
  });

  it('while it is being changed sends a version that its writer was told of', async () => {
    const of = await postern.inbox(admin);
    const draft = await draftOf(complete, of);
    const texts = Array.from({ length: 10 }, (_, index) => `Version ${index}`);
    const [sent, ...changes] = await Promise.all([send(draft), ...texts.map((text) => patch(draft, { text }))]);
    const told = ['Draft', ...changes.flatMap(({ status, body }) => (status === 200 ? [String(body['text'])] : []))];
    if (sent?.status === 409) expect(codeOf(sent)).toEqual([409, 'invalid_state']);
    const message = sent?.status === 202 ? sent.body : expectStatus(202, await send(draft));
    expect(told).toContain(String(message['text']));
    expect(await messagesOf(of)).toHaveLength(1);
  });
});

describe('a draft that cannot be sent stays as it is', () => {
  const expectStays = async (draft: Json, status: number, code: string): Promise<Reply> => {
    const before = (await get(draft)).body;
    const reply = await send(draft, { idempotencyKey: unique('refused') });
    expect(codeOf(reply)).toEqual([status, code]);
    expect((await get(draft)).body).toEqual(before);
    return reply;
  };

  it('when parts are missing, which are all named', async () => {
    const draft = await draftOf({ subject: 'Only that' });
    expect(pathsOf(await expectStays(draft, 422, 'validation_error'))).toEqual(['text', 'to']);
    await patch(draft, { to: TO, text: 'Now' });
    expect((await send(draft)).status).toBe(202);
  });

  it('when its recipient is suppressed', async () => {
    const address = `${unique('gone')}@example.com`;
    await admin.post('/v1/suppressions', { address });
    const mail = { ...complete, to: address };
    await waitFor(
      async () => (await admin.post(`/v1/inboxes/${inbox['id']}/messages`, mail)).status === 422,
      'the suppression to be known',
    );
    await expectStays(await draftOf(mail), 422, 'recipients_blocked');
  });

  it('when its inbox is paused or too low, where it can still be written', async () => {
    const paused = await postern.inbox(admin);
    await admin.post(`/v1/inboxes/${paused['id']}/pause`);
    await expectStays(await draftOf(complete, paused), 409, 'inbox_paused');
    const deaf = await postern.inbox(admin, { security_level: 'receive_only' });
    await expectStays(await draftOf(complete, deaf), 403, 'level_insufficient');
  });

  it('when its thread is not of the inbox', async () => {
    const message = await postern.send(await postern.inbox(admin), {}, admin);
    const draft = await draftOf({ ...complete, thread_id: message['thread_id'] });
    expect(pathsOf(await expectStays(draft, 422, 'validation_error'))).toEqual(['thread_id']);
  });

  it('when no credit is left; sent ones cost one', async () => {
    const made = await postern.root.post('/v1/organizations', {
      name: unique('Poor'),
      limits: { credits_per_month: 1 },
    });
    const poor = new Client(postern.local.gateway_url, String(made.body['api_key']?.['secret']));
    const of = await postern.inbox(poor);
    const [first, second] = [
      await poor.post(`/v1/inboxes/${of['id']}/drafts`, complete),
      await poor.post(`/v1/inboxes/${of['id']}/drafts`, complete),
    ];
    const idempotencyKey = unique('poor');
    const path = `/v1/drafts/${first.body['id']}/send`;
    expect((await poor.post(path, undefined, { idempotencyKey })).status).toBe(202);
    const refused = await poor.post(`/v1/drafts/${second.body['id']}/send`);
    expect(codeOf(refused)).toEqual([402, 'credits_exhausted']);
    expect((await poor.get(`/v1/drafts/${second.body['id']}`)).status).toBe(200);
    const again = await poor.post(path, undefined, { idempotencyKey });
    expect([again.status, isReplay(again)]).toEqual([202, true]);
  });

  it('when the day is over its limit', async () => {
    const of = await postern.inbox(admin, { daily_send_limit: 0 });
    await expectStays(await draftOf(complete, of), 429, 'rate_limited');
  });
});
