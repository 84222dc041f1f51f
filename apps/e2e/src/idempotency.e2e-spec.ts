import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { belongingsOf, tenantOf, type Belongings, type Tenant } from './contract/belongings.js';
import { servedOperations, type Operation } from './contract/operations.js';
import { probeOf, PROBES, type ProbeRequest } from './contract/probes.js';
import type { Client, Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const order = Object.keys(PROBES);
const posts = (await servedOperations(postern.anonymous))
  .filter(({ idempotent }) => idempotent)
  .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
const named = posts.map((operation) => [operation.id, operation] as const);

/** What makes a right body another right body. */
const OTHER_BODY: Readonly<Record<string, object>> = {
  create_inbox: { display_name: 'Other' },
  create_draft: { subject: 'Other' },
  send_message: { subject: 'Other' },
  send_message_from: { subject: 'Other' },
  reply_to_message: { text: 'Other' },
  forward_message: { text: 'Other' },
  expect_reply: { by: new Date(Date.now() + 2 * 3_600_000).toISOString() },
  upload_attachment: { other: true },
  approve_message: { note: 'Other' },
  reject_message: { reason: 'Other' },
  create_policy: { priority: 7 },
  create_domain: { name: 'another.example' },
  create_list_entry: { reason: 'Other' },
  create_suppression: { address: 'other@example.com' },
  create_webhook: { description: 'Other' },
  rotate_webhook_secret: { overlap_seconds: 60 },
  replay_webhook: { types: ['message.sent'] },
  create_api_key: { name: 'Other' },
  create_organization: { name: 'Other' },
  resume_organization: { domain: 'another.example' },
};

type Batch = Readonly<Record<string, object[]>>;

/** The same batch with other items in their places. */
const otherItems =
  (change: object) =>
  (batch: Batch): Batch =>
    Object.fromEntries(
      Object.entries(batch).map(([name, items]) => [name, items.map((item) => ({ ...item, ...change }))]),
    );

const OTHER_BATCH: Readonly<Record<string, (batch: Batch) => Batch>> = {
  send_batch: otherItems({ subject: 'Other' }),
  decide_approvals: otherItems({ reason: 'Other' }),
};

/** One key for all routes: it means another call on each path. */
const idempotencyKey = unique('once');
const AT_ONCE = 20;

let tenant: Tenant;
let belongings: Belongings;
let test: Client;
const made = new Map<string, { request: ProbeRequest; first: Reply }>();

beforeAll(async () => {
  tenant = await tenantOf(postern);
  belongings = await belongingsOf(postern, tenant);
  test = await tenant.key({ mode: 'test' });
});

const clientFor = ({ scope }: Operation, { admin }: Tenant): Client => (scope === 'root' ? postern.root : admin);
const isReplay = ({ headers }: Reply): boolean => headers.get('idempotent-replay') === 'true';

/** The id of what a reply is about. */
function idOf({ body }: Reply): string {
  const [item] = (body['data'] ?? []) as Json[];
  const made = body['organization'] ?? item?.['message'] ?? item?.['approval'] ?? body;
  return String(made['id']);
}

/** The error of a reply, or of the first item of a batch. */
const errorOf = ({ body }: Reply): Json => (body['error'] ?? body['data']?.[0]?.['error'] ?? {}) as Json;

describe('the same key', () => {
  it.each(named)('and the same body give the first reply of %s again', async (id, operation) => {
    const client = clientFor(operation, tenant);
    const request = probeOf(id).request(belongings);
    const first = await client.post(request.path, request.body, { idempotencyKey });
    expect([first.status, isReplay(first), first.body['error']?.['code']]).toEqual([
      operation.status,
      false,
      undefined,
    ]);
    made.set(id, { request, first });
    const again = await client.post(request.path, request.body ?? {}, { idempotencyKey });
    expect([again.status, isReplay(again), idOf(again)]).toEqual([operation.status, true, idOf(first)]);
    expect(JSON.stringify(again.body)).not.toMatch(/"secret":"/);
  });

  it.each(named.filter(([, { takesBody }]) => takesBody))('and another body are 409 at %s', async (id, operation) => {
    const { path, body } = (made.get(id) as { request: ProbeRequest }).request;
    const other = OTHER_BODY[id];
    const otherBatch = OTHER_BATCH[id];
    if (other === undefined && otherBatch === undefined)
      throw new Error(`Say in OTHER_BODY what makes another body of ${id}.`);
    const changed = otherBatch === undefined ? { ...body, ...other } : otherBatch(body as Batch);
    const reply = await clientFor(operation, tenant).post(path, changed, { idempotencyKey });
    const { status, code } = errorOf(reply);
    expect([Number(status), code]).toEqual([409, 'idempotency_conflict']);
  });

  it.each(named.filter(([id, { scope }]) => probeOf(id).stranger === 'own' && scope !== 'root'))(
    'is another one in the other mode at %s',
    async (id, operation) => {
      const { path, body } = probeOf(id).request(belongings);
      const reply = await test.post(path, body, { idempotencyKey });
      expect([reply.status, isReplay(reply)]).toEqual([operation.status, false]);
    },
  );
});

it.each(named)('a key of 256 characters is 400 at %s', async (id, operation) => {
  const { path, body } = probeOf(id).request(belongings);
  const reply = await clientFor(operation, tenant).post(path, body, { idempotencyKey: 'k'.repeat(256) });
  expect([reply.status, reply.body['error']?.['code']]).toEqual([400, 'bad_request']);
});

it.each(['send_message', 'send_message_from'])('client_id means the same as the header at %s', async (id) => {
  const { path, body } = probeOf(id).request(belongings);
  const client_id = unique('client');
  const first = await tenant.admin.post(path, { ...body, client_id });
  const again = await tenant.admin.post(path, { ...body, client_id }, { idempotencyKey: client_id });
  expect([again.status, isReplay(again), idOf(again)]).toEqual([202, true, idOf(first)]);
  const unequal = await tenant.admin.post(path, { ...body, client_id }, { idempotencyKey: unique('header') });
  expect([unequal.status, unequal.body['error']?.['details']?.['issues']?.[0]?.['path']]).toEqual([422, 'client_id']);
});

describe('a repeat of a send', () => {
  const send = { to: `${unique('blocked')}@example.com`, subject: 'Once', text: 'Once' };
  const options = { idempotencyKey: unique('send') };
  let path: string;
  let first: Reply;
  const expectReplay = async (): Promise<void> => {
    const again = await tenant.admin.post(path, send, options);
    expect([again.status, isReplay(again), idOf(again)]).toEqual([202, true, idOf(first)]);
  };
  beforeAll(async () => {
    const inbox = await postern.inbox(tenant.admin);
    path = `/v1/inboxes/${inbox['id']}/messages`;
    first = await tenant.admin.post(path, send, options);
  });

  it('wins over a recipient who is suppressed by now', async () => {
    await tenant.admin.post('/v1/suppressions', { address: send.to });
    await waitFor(async () => (await tenant.admin.post(path, send)).status === 422, 'the address to be refused');
    await expectReplay();
  });

  it('wins over an inbox that is paused by now', async () => {
    await tenant.admin.post(path.replace('/messages', '/pause'));
    expect((await tenant.admin.post(path, { ...send, to: 'success@simulator.amazonses.com' })).status).toBe(409);
    await expectReplay();
  });

  it('does not win over 401 and 403', async () => {
    expect((await postern.anonymous.post(path, send, options)).status).toBe(401);
    const reader = await tenant.key({ scopes: ['messages:read'] });
    expect((await reader.post(path, send, options)).status).toBe(403);
  });
});

describe(`${AT_ONCE} equal calls at once`, () => {
  let fresh: Tenant;
  let of: Belongings;
  beforeAll(async () => {
    fresh = await tenantOf(postern);
    of = await belongingsOf(postern, fresh);
  });

  it.each(named)('make one effect by %s', async (id, operation) => {
    const { path, body } = probeOf(id).request(of);
    const client = clientFor(operation, fresh);
    const key = unique('race');
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, () => client.post(path, body, { idempotencyKey: key })),
    );
    // Who comes while the first one is still at work may be told to wait.
    const done = replies.filter(({ body: reply }) => String(reply['error']?.['code']) !== 'idempotency_in_progress');
    expect(done.map(({ status }) => status)).toEqual(done.map(() => operation.status));
    expect(new Set(done.map(idOf)).size).toBe(1);
    expect(done.filter((reply) => !isReplay(reply))).toHaveLength(1);
  });
});
