import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, startGateway } from '../gateway.harness.js';
import { FIELD_ROWS } from './field.rows.js';
import { JSON_ROWS } from './json.rows.js';
import { KEY_ROWS } from './key.rows.js';
import { MIB, type Row, SEND, send } from './row.js';
import { URL_ROWS } from './url.rows.js';

let sut: GatewayUnderTest;
let key: string;

beforeAll(async () => {
  sut = await startGateway();
  ({ key } = await sut.organization());
  await sut.call('POST', '/v1/inboxes', { key, body: { slug: 'box' } });
});
afterAll(() => sut.stop());

async function expectRefusal([what, method, path, options, status, code]: Row): Promise<void> {
  const reply = await sut.call(method, path, options);
  expect([what, reply.status]).toEqual([what, status]);
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'x-request-id': expect.any(String),
  });
  expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  if (method === 'HEAD') return;
  expect(reply.body.error).toMatchObject({ code, status, message: expect.stringMatching(/^[A-Z].*\.$/) });
  expect(reply.body.error.request_id).toBe(reply.headers.get('x-request-id'));
}

describe('without a key that opens', () => {
  it.each(KEY_ROWS)('%s', (...row) => expectRefusal(row));
});

describe.each([
  ['bodies', JSON_ROWS],
  ['fields', FIELD_ROWS],
  ['addresses and headers', URL_ROWS],
])('%s, with a key that may do everything', (_what, rows) => {
  it.each(rows)('%s', (what, method, path, options, status, code) =>
    expectRefusal([what, method, path, { key, ...options }, status, code]),
  );
});

describe('what looks hostile and is not', () => {
  it.each([
    ['a mark of UTF-8 before JSON', { payload: '\ufeff{}', headers: { 'content-type': 'application/json' } }],
    ['a charset', { payload: '{}', headers: { 'content-type': 'application/json; charset=UTF-8' } }],
    ['a type in capitals', { payload: '{}', headers: { 'content-type': 'APPLICATION/JSON' } }],
    ['no encoding', { payload: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'identity' } }],
    ['colons and quotes in strings', { body: { display_name: '":"\\":\\"{"a":1,"a":2}' } }],
    ['characters outside the first plane', { body: { display_name: '\u{1f600}' } }],
  ])('%s', async (_what, options) => {
    expect((await sut.call('POST', '/v1/inboxes', { key, ...options })).status).toBe(201);
  });

  it.each(['x-http-method-override', 'x-method-override', 'x-http-method'])('%s changes no method', async (name) => {
    const reply = await sut.call('GET', '/v1/inboxes', { key, headers: { [name]: 'DELETE' } });
    expect(reply.status).toBe(200);
  });

  it('HEAD is GET without a body', async () => {
    const reply = await sut.call('HEAD', '/v1/inboxes', { key });
    expect([reply.status, reply.octets.length]).toEqual([200, 0]);
  });

  it('a body of nearly 15 MiB is carried through to the service', async () => {
    const content = 'A'.repeat(14 * MIB);
    const reply = await sut.call('POST', SEND, { key, ...send({ attachments: [{ filename: 'a.bin', content }] }) });
    expect(reply.status).toBe(202);
  });
});

it('more than 200 requests were refused, and the gateway serves on', async () => {
  expect([...KEY_ROWS, ...JSON_ROWS, ...FIELD_ROWS, ...URL_ROWS].length).toBeGreaterThan(200);
  expect((await sut.call('GET', '/health/ready')).status).toBe(200);
  expect((await sut.call('GET', '/v1/inboxes', { key })).status).toBe(200);
});
