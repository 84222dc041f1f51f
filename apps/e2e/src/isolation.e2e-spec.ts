import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { covers, SCOPES } from '@postern/contracts';
import { belongingsOf, tenantOf, type Belongings, type Tenant } from './contract/belongings.js';
import { servedOperations, type Operation } from './contract/operations.js';
import { probeOf, PROBES, type Refusal } from './contract/probes.js';
import type { Client, Reply } from './harness/client.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const operations = await servedOperations(postern.anonymous);
const named = operations.map((operation) => [operation.id, operation] as const);

let owner: Tenant;
let belongings: Belongings;
let before: string;
const askers = new Map<string, Client>();

beforeAll(async () => {
  owner = await tenantOf(postern);
  belongings = await belongingsOf(postern, owner);
  const another = await postern.inbox(owner.admin);
  askers.set('another organization', (await tenantOf(postern)).admin);
  askers.set('the other mode', await owner.key({ mode: 'test' }));
  askers.set('a key bound to another inbox', await owner.key({ inbox_ids: [another['id']] }));
  // The event log is written a moment after what it tells of.
  await waitFor(
    async () =>
      JSON.stringify((await owner.admin.get('/v1/events?types=inbox.created')).body).includes(String(another['id'])),
    'the last inbox to be in the event log',
  );
  before = await picture();
});

function ask(client: Client, operation: Operation, of: Belongings): Promise<Reply> {
  const { path, body } = probeOf(operation.id).request(of);
  return client.call(operation.method, path, body);
}

/** The same, with a parameter that no route has. */
function askWrongly(client: Client, operation: Operation, of: Belongings): Promise<Reply> {
  const { path, body } = probeOf(operation.id).request(of);
  return client.call(operation.method, `${path}${path.includes('?') ? '&' : '?'}no_such_parameter=1`, body);
}

/** Everything that the owner sees of what others must not touch. */
async function picture(): Promise<string> {
  const {
    inbox,
    lockedInbox,
    pausableInbox,
    message,
    withheldMessage,
    approval,
    otherApproval,
    policy,
    webhook,
    apiKey,
  } = belongings;
  const paths = [
    ...[inbox, lockedInbox, pausableInbox].map(({ id }) => `/v1/inboxes/${id}`),
    `/v1/inboxes/${inbox['id']}/messages`,
    `/v1/inboxes/${inbox['id']}/drafts`,
    `/v1/messages/${message['id']}`,
    `/v1/messages/${withheldMessage['id']}`,
    `/v1/threads/${message['thread_id']}`,
    ...[approval, otherApproval].map(({ id }) => `/v1/approvals/${id}`),
    `/v1/policies/${policy['id']}`,
    `/v1/webhooks/${webhook['id']}`,
    `/v1/webhooks/${webhook['id']}/deliveries`,
    '/v1/suppressions',
    `/v1/api_keys/${apiKey['id']}`,
    '/v1/events?limit=1000',
  ];
  const replies = await Promise.all(paths.map((path) => owner.admin.get(path)));
  return JSON.stringify(
    replies.map(({ status, body }, index) => [paths[index], status, body]),
    null,
    1,
  );
}

/** The ids of everything that only the owner may see. */
function foreignIds(): string[] {
  const { organization: _named, ...rest } = belongings;
  return Object.values(rest).map(({ id }) => String(id));
}

function expectRefusal(refusal: Refusal, reply: Reply, success: number): void {
  const seen = [reply.status, reply.body['error']?.['code']];
  if (refusal === 'absent') expect(seen).toEqual([404, 'not_found']);
  if (refusal === 'shut') expect(seen).toEqual([403, 'forbidden']);
  if (refusal === 'own' || refusal === 'empty') expect(seen).toEqual([success, undefined]);
  if (refusal === 'empty') {
    const text = JSON.stringify(reply.body);
    expect(foreignIds().filter((id) => text.includes(id))).toEqual([]);
  }
}

describe('the table of probes', () => {
  it.each(named)('covers %s', (id) => {
    expect(() => probeOf(id)).not.toThrow();
  });

  it('has no row of a route that is gone', () => {
    const served = new Set(operations.map(({ id }) => id));
    expect(Object.keys(PROBES).filter((id) => !served.has(id))).toEqual([]);
  });
});

describe.each([
  ['another organization', 'stranger'],
  ['the other mode', 'stranger'],
  ['a key bound to another inbox', 'bound'],
] as const)('%s', (who, kind) => {
  it.each(named)('gets nothing by %s', async (id, operation) => {
    const reply = await ask(askers.get(who) as Client, operation, belongings);
    expectRefusal(probeOf(id)[kind], reply, operation.status);
  });

  it.each(named.filter(([id]) => probeOf(id)[kind] === 'absent'))(
    'cannot tell by %s what is absent from what is not theirs',
    async (_id, operation) => {
      const client = askers.get(who) as Client;
      const [foreign, absent, wrong] = await Promise.all([
        ask(client, operation, belongings),
        ask(client, operation, absentOnes()),
        askWrongly(client, operation, belongings),
      ]);
      const wordsOf = ({ status, body }: Reply): unknown => [status, body['error']?.['message']];
      expect(wordsOf(foreign)).toEqual(wordsOf(absent));
      // What a path names is decided before the rest is looked at.
      if (operation.path.includes('{')) expect(wordsOf(wrong)).toEqual(wordsOf(absent));
    },
  );
});

it.each([
  ['a webhook', '/v1/webhooks', { url: 'http://127.0.0.1:9/' }],
  ['a key', '/v1/api_keys', { name: 'wider', mode: 'live', scopes: ['inboxes:read'] }],
])('a key bound to another inbox cannot make %s for this one', async (_what, path, body) => {
  const bound = askers.get('a key bound to another inbox') as Client;
  const reply = await bound.post(path, { ...body, inbox_ids: [belongings.inbox['id']] });
  expect([reply.status, reply.body['error']?.['code']]).toEqual([403, 'forbidden']);
});

/** The same things with ids that nobody has. */
function absentOnes(): Belongings {
  const text = JSON.stringify(belongings).replaceAll(/\b([a-z]{3}_[0-9a-z]{10})[0-9a-z]{16}/g, `$1${'0'.repeat(16)}`);
  const absent = JSON.parse(text) as Belongings;
  for (const inbox of [absent.inbox, absent.pausableInbox, absent.lockedInbox]) {
    Object.assign(inbox, { slug: 'no-such-inbox', address: `no-such-inbox@${postern.local.domain}` });
  }
  return absent;
}

describe('a key without the scope', () => {
  const keys = new Map<string, Promise<Client>>();
  const keyWithout = (scope: string): Promise<Client> => {
    const scopes = SCOPES.filter((one) => !covers([one], scope));
    const made = keys.get(scope) ?? owner.key({ scopes });
    keys.set(scope, made);
    return made;
  };

  it.each(named)('is not let in to %s', async (_id, operation) => {
    const reply = await ask(await keyWithout(operation.scope), operation, belongings);
    expectRefusal('shut', reply, operation.status);
  });

  it.each(named)('nor is nobody to %s', async (_id, operation) => {
    const reply = await ask(postern.anonymous, operation, belongings);
    expect([reply.status, reply.body['error']?.['code']]).toEqual([401, 'unauthorized']);
  });
});

describe('after all that', () => {
  it('nothing of the owner has changed', async () => {
    expect(await picture()).toBe(before);
  });

  it('the same requests are right when the owner makes them', async () => {
    for (const id of Object.keys(PROBES)) {
      const operation = operations.find((one) => one.id === id) as Operation;
      const client = operation.scope === 'root' ? postern.root : owner.admin;
      const { status, body } = await ask(client, operation, belongings);
      expect([id, status, body['error']?.['message']]).toEqual([id, operation.status, undefined]);
    }
  });
});
