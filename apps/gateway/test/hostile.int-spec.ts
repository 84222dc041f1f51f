import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { type CallOptions, type GatewayUnderTest, ROOT_KEY, startGateway } from './gateway.harness.js';

let sut: GatewayUnderTest;
let key: string;

beforeAll(async () => {
  sut = await startGateway();
  ({ key } = await sut.organization());
  await sut.call('POST', '/v1/inboxes', { key, body: { slug: 'box' } });
});
afterAll(() => sut.stop());

const MIB = 1024 * 1024;
const SEND = '/v1/inboxes/box/messages';
const json = (payload: string | Buffer): CallOptions => ({ payload, headers: { 'content-type': 'application/json' } });
const typed = (type: string, payload = 'a=b'): CallOptions => ({ payload, headers: { 'content-type': type } });
const body = (value: unknown): CallOptions => ({ body: value });
const header = (name: string, value: string): CallOptions => ({ headers: { [name]: value }, body: {} });
const send = (more: object): CallOptions => body({ to: 'ann@example.com', text: 'Hello', ...more });
const deep = (levels: number): string => `{"metadata":${'['.repeat(levels)}${']'.repeat(levels)}}`;

type Row = [what: string, method: string, path: string, options: CallOptions, status: number, code: string];

const UNKEYED: Row[] = [
  ['no key', 'GET', '/v1/inboxes', {}, 401, 'unauthorized'],
  ['an empty key', 'GET', '/v1/inboxes', { headers: { authorization: 'Bearer ' } }, 401, 'unauthorized'],
  ['basic authentication', 'GET', '/v1/inboxes', { headers: { authorization: 'Basic YTpi' } }, 401, 'unauthorized'],
  ['an unknown key', 'GET', '/v1/inboxes', { key: `pn_live_${'A'.repeat(43)}` }, 401, 'unauthorized'],
  ['a key of no mode', 'GET', '/v1/inboxes', { key: `pn_prod_${'A'.repeat(43)}` }, 401, 'unauthorized'],
  ['a key with SQL in it', 'GET', '/v1/inboxes', { key: "pn_live_'OR'1'='1" }, 401, 'unauthorized'],
  ['a very long key', 'GET', '/v1/inboxes', { key: 'k'.repeat(10_000) }, 401, 'unauthorized'],
  ['the root key as a key', 'GET', '/v1/inboxes', { key: ROOT_KEY }, 401, 'unauthorized'],
  ['two keys that differ', 'GET', '/v1/inboxes', { key: 'a', headers: { 'x-api-key': 'b' } }, 401, 'unauthorized'],
  ['a large body without a key', 'POST', '/v1/inboxes', json(Buffer.alloc(MIB, ' ')), 401, 'unauthorized'],
  ['an unknown route', 'GET', '/v1/nothing', {}, 404, 'not_found'],
  ['a page file that is not one', 'GET', '/docs/package.json', {}, 404, 'not_found'],
  ['a path out of the page', 'GET', '/docs/..%2f..%2fpackage.json', {}, 404, 'not_found'],
  ['a path out of the page, encoded twice', 'GET', '/docs/%252e%252e%252fpackage.json', {}, 404, 'not_found'],
];

const KEYED: Row[] = [
  ['an unknown version', 'GET', '/v2/inboxes', {}, 404, 'not_found'],
  ['a trailing slash', 'GET', '/v1/inboxes/', {}, 404, 'not_found'],
  ['another case', 'GET', '/V1/inboxes', {}, 404, 'not_found'],
  ['a method that the path has not', 'PUT', '/v1/inboxes', body({}), 404, 'not_found'],
  ['a broken escape in the path', 'GET', '/v1/inboxes/%zz', {}, 400, 'bad_request'],
  ['a NUL in the path', 'GET', '/v1/messages/%00', {}, 404, 'not_found'],
  ['a path out of the API', 'GET', '/v1/inboxes/..%2f..%2fhealth', {}, 404, 'not_found'],
  ['a very long name', 'GET', `/v1/inboxes/${'a'.repeat(5_000)}`, {}, 400, 'bad_request'],
  ['a name longer than any address', 'GET', `/v1/inboxes/${'a'.repeat(300)}`, {}, 404, 'not_found'],
  ['an id of another kind', 'GET', `/v1/messages/${newId('inb')}`, {}, 404, 'not_found'],
  ['an id that is none', 'GET', '/v1/webhooks/1%20OR%201=1', {}, 404, 'not_found'],
  ['an id in capitals', 'GET', `/v1/threads/${newId('thr').toUpperCase()}`, {}, 404, 'not_found'],
  ['JSON that stops', 'POST', '/v1/inboxes', json('{"slug":'), 400, 'bad_request'],
  ['no JSON', 'POST', '/v1/inboxes', json('slug=box'), 400, 'bad_request'],
  ['two JSON texts', 'POST', '/v1/inboxes', json('{}{}'), 400, 'bad_request'],
  ['a prototype', 'POST', '/v1/inboxes', json('{"__proto__":{"admin":true}}'), 400, 'bad_request'],
  ['a constructor', 'POST', '/v1/inboxes', json('{"constructor":{"prototype":{"a":1}}}'), 400, 'bad_request'],
  ['a deep body', 'POST', '/v1/inboxes', json(deep(100)), 400, 'bad_request'],
  ['a very deep body', 'POST', '/v1/inboxes', json(deep(500_000)), 400, 'bad_request'],
  ['a form', 'POST', '/v1/inboxes', typed('application/x-www-form-urlencoded'), 415, 'unsupported_media_type'],
  ['text', 'POST', '/v1/inboxes', typed('text/plain', '{}'), 415, 'unsupported_media_type'],
  ['a type that is none', 'POST', '/v1/inboxes', typed('json', '{}'), 415, 'unsupported_media_type'],
  ['a body over 15 MiB', 'POST', '/v1/inboxes', json(Buffer.alloc(15 * MIB + 1, ' ')), 413, 'payload_too_large'],
  ['null', 'POST', '/v1/inboxes', json('null'), 422, 'validation_error'],
  ['an array', 'POST', '/v1/inboxes', body([]), 422, 'validation_error'],
  ['a string', 'POST', '/v1/inboxes', body('slug'), 422, 'validation_error'],
  ['an unknown field', 'POST', '/v1/inboxes', body({ colour: 'red' }), 422, 'validation_error'],
  ['a field of another type', 'POST', '/v1/inboxes', body({ slug: { $ne: null } }), 422, 'validation_error'],
  ['a reserved slug', 'POST', '/v1/inboxes', body({ slug: 'postmaster' }), 422, 'validation_error'],
  ['a level that is none', 'POST', '/v1/inboxes', body({ security_level: 5 }), 422, 'validation_error'],
  ['a number beyond all', 'POST', '/v1/inboxes', json('{"undo_seconds":1e999}'), 422, 'validation_error'],
  ['a body where none is taken', 'POST', '/v1/inboxes/box/pause', body({ now: true }), 422, 'validation_error'],
  ['a limit of 0', 'GET', '/v1/inboxes?limit=0', {}, 422, 'validation_error'],
  ['a limit that is no number', 'GET', '/v1/inboxes?limit=ten', {}, 422, 'validation_error'],
  ['a limit twice', 'GET', '/v1/inboxes?limit=1&limit=2', {}, 422, 'validation_error'],
  ['a limit over the most', 'GET', '/v1/inboxes?limit=101', {}, 422, 'validation_error'],
  ['an unknown parameter', 'GET', '/v1/inboxes?page=2', {}, 422, 'validation_error'],
  ['a prototype in the query', 'GET', '/v1/inboxes?__proto__[a]=1', {}, 422, 'validation_error'],
  ['a cursor that is none', 'GET', '/v1/api_keys?cursor=%00%ff', {}, 422, 'validation_error'],
  [
    'a cursor of another list',
    'GET',
    `/v1/api_keys?cursor=${Buffer.from(newId('org')).toString('base64url')}`,
    {},
    422,
    'validation_error',
  ],
  ['a negative sequence', 'GET', '/v1/events?after=-1', {}, 422, 'validation_error'],
  [
    'an idempotency key over 255',
    'POST',
    '/v1/inboxes',
    header('idempotency-key', 'k'.repeat(256)),
    400,
    'bad_request',
  ],
  ['an idempotency key with a space', 'POST', '/v1/inboxes', header('idempotency-key', 'a b'), 400, 'bad_request'],
  ['an empty idempotency key', 'POST', '/v1/inboxes', header('idempotency-key', ''), 400, 'bad_request'],
  ['no recipient', 'POST', SEND, send({ to: [] }), 422, 'validation_error'],
  [
    '51 recipients',
    'POST',
    SEND,
    send({ to: Array.from({ length: 51 }, (_, n) => `a${n}@example.com`) }),
    422,
    'validation_error',
  ],
  ['a line break in the subject', 'POST', SEND, send({ subject: 'a\r\nBcc: b@example.com' }), 422, 'validation_error'],
  [
    'a line break in a name',
    'POST',
    SEND,
    send({ to: { address: 'a@example.com', name: 'a\nb' } }),
    422,
    'validation_error',
  ],
  ['a header that is ours', 'POST', SEND, send({ headers: { 'Reply-To': 'a@example.com' } }), 422, 'validation_error'],
  ['a line break in a header', 'POST', SEND, send({ headers: { 'X-A': 'a\r\nb: c' } }), 422, 'validation_error'],
  [
    'content that is no base64',
    'POST',
    SEND,
    send({ attachments: [{ filename: 'a', content: '%' }] }),
    422,
    'validation_error',
  ],
  ['a send from nowhere', 'POST', '/v1/inboxes/none/messages', send({}), 404, 'not_found'],
  ['a wrong send from nowhere', 'POST', '/v1/inboxes/none/messages', body({}), 404, 'not_found'],
  ['an organization by key', 'POST', '/v1/organizations', body({ name: 'Mine' }), 403, 'forbidden'],
  [
    'an unknown scope',
    'POST',
    '/v1/api_keys',
    body({ name: 'k', mode: 'live', scopes: ['root'] }),
    422,
    'validation_error',
  ],
  ['no scope', 'POST', '/v1/api_keys', body({ name: 'k', mode: 'live', scopes: [] }), 422, 'validation_error'],
  ['a webhook to no URL', 'POST', '/v1/webhooks', body({ url: 'not a url' }), 422, 'validation_error'],
];

async function expectRefusal([what, method, path, options, status, code]: Row): Promise<void> {
  const reply = await sut.call(method, path, options);
  expect([what, reply.status, reply.body?.error?.code]).toEqual([what, status, code]);
  expect(reply.body.error).toMatchObject({ status, message: expect.stringMatching(/^[A-Z].*\.$/) });
  expect(reply.body.error.request_id).toBe(reply.headers.get('x-request-id'));
}

describe('without a key that opens', () => {
  it.each(UNKEYED)('%s', (...row) => expectRefusal(row));
});

describe('with a key that may do everything', () => {
  it.each(KEYED)('%s', (what, method, path, options, status, code) =>
    expectRefusal([what, method, path, { key, ...options }, status, code]),
  );
});

/** Sends octets as they are, and reads until the gateway closes. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sut.url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject).on('close', () => resolve(answer));
  });

describe('what is no request', () => {
  const close = 'Host: a\r\nConnection: close\r\n';
  it.each([
    ['no HTTP', 'HELO example.com\r\n\r\n', '400'],
    ['headers without end', `GET /v1/inboxes HTTP/1.1\r\n${close}X-A: ${'a'.repeat(40_000)}\r\n\r\n`, '400'],
    ['two lengths', `POST /v1/inboxes HTTP/1.1\r\n${close}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, '400'],
    [
      'length and chunks',
      `POST /v1/inboxes HTTP/1.1\r\n${close}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400',
    ],
    ['a header that is none', `GET /v1/inboxes HTTP/1.1\r\n${close}a b: c\r\n\r\n`, '400'],
    ['a request id over 128', `GET /v1/inboxes HTTP/1.1\r\n${close}X-Request-Id: ${'a'.repeat(129)}\r\n\r\n`, '401'],
  ])('%s is answered in the one shape', async (_what, text, status) => {
    const answer = await raw(text);
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(answer).toMatch(/x-request-id: req_[0-9a-f]{32}/i);
    expect(answer).toContain('"error":{"code":');
  });
});

it('serves on after all that', async () => {
  expect((await sut.call('GET', '/v1/inboxes', { key })).status).toBe(200);
});

it('carries a body of nearly 15 MiB through to the service', async () => {
  const content = 'A'.repeat(14 * MIB);
  const reply = await sut.call('POST', SEND, { key, ...send({ attachments: [{ filename: 'a.bin', content }] }) });
  expect(reply.status).toBe(202);
});
