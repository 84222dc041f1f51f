import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { type GatewayUnderTest, startGateway } from '../gateway.harness.js';

let sut: GatewayUnderTest;
let key: string;

beforeAll(async () => {
  sut = await startGateway();
  ({ key } = await sut.organization());
});
afterAll(() => sut.stop());

/** Sends octets as they are, and reads until the gateway closes. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sut.url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    // A gateway that refuses early may close while octets are still on their way to it.
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined)).on('close', () => resolve(answer));
  });

const CLOSE = 'Host: a\r\nConnection: close\r\n';
const get = (headers: string): string => `GET /v1/inboxes HTTP/1.1\r\n${CLOSE}${headers}\r\n\r\n`;
const post = (headers: string, payload = ''): string =>
  `POST /v1/inboxes HTTP/1.1\r\n${CLOSE}Authorization: Bearer ${key}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${payload}`;

describe('what is no request', () => {
  it.each<[string, () => string, number]>([
    ['no HTTP', () => 'HELO example.com\r\n\r\n', 400],
    ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['HTTP/2 without asking', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a version that is none', () => `GET /v1/inboxes HTTP/9.9\r\n${CLOSE}\r\n`, 400],
    ['a method that is none', () => `FETCH /v1/inboxes HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['no path', () => `GET HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['a space in the path', () => `GET /v1/in boxes HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['no Host', () => 'GET /v1/inboxes HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['headers over 16 KiB', () => get(`X-A: ${'a'.repeat(40_000)}`), 431],
    ['2,000 headers', () => get(Array.from({ length: 2_000 }, (_, n) => `X-${n}: ${n}`).join('\r\n')), 431],
    ['a URL over 16 KiB', () => `GET /v1/inboxes?a=${'a'.repeat(40_000)} HTTP/1.1\r\n${CLOSE}\r\n`, 431],
    ['a header that is none', () => get('a b: c'), 400],
    ['a header without a colon', () => get('abc'), 400],
    ['a NUL in a header', () => get('X-A: a\0b'), 400],
    ['a folded header', () => get('X-A: a\r\n b'), 400],
    ['a bare line feed', () => `GET /v1/inboxes HTTP/1.1\n${CLOSE}\r\n`, 400],
    ['two lengths', () => post('Content-Length: 2\r\nContent-Length: 3', '{}'), 400],
    ['two equal lengths', () => post('Content-Length: 2\r\nContent-Length: 2', '{}'), 400],
    ['a list of lengths', () => post('Content-Length: 2, 2', '{}'), 400],
    ['a length below 0', () => post('Content-Length: -1', '{}'), 400],
    ['a length that is no number', () => post('Content-Length: two', '{}'), 400],
    ['a length in hex', () => post('Content-Length: 0x2', '{}'), 400],
    ['a length over 2^64', () => post('Content-Length: 99999999999999999999', '{}'), 400],
    ['length and chunks', () => post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400],
    ['an unknown transfer coding', () => post('Transfer-Encoding: gzip', '{}'), 400],
    ['chunks before another coding', () => post('Transfer-Encoding: chunked, identity', '0\r\n\r\n'), 400],
    ['a chunk size that is none', () => post('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'), 400],
    ['a chunk size below 0', () => post('Transfer-Encoding: chunked', '-2\r\n{}\r\n0\r\n\r\n'), 400],
    ['a chunk longer than it says', () => post('Transfer-Encoding: chunked', '1\r\n{}\r\n0\r\n\r\n'), 400],
    [
      'chunk extensions without end',
      () => post('Transfer-Encoding: chunked', `2;${'a'.repeat(40_000)}\r\n{}\r\n`),
      413,
    ],
    ['an expectation that is none', () => post('Expect: miracles\r\nContent-Length: 2', '{}'), 417],
    ['a length over 15 MiB, without the body', () => post('Content-Length: 99999999'), 413],
    ['a request id over 128', () => get(`X-Request-Id: ${'a'.repeat(129)}`), 401],
  ])('%s is answered in the one shape', async (_what, make, status) => {
    const answer = await raw(make());
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(answer).toMatch(/x-request-id: req_[0-9a-f]{32}/i);
    expect(answer).toMatch(/x-content-type-options: nosniff/i);
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(body).toContain('"error":{"code":');
    expect(body).toContain(`"status":${status}`);
  });

  it('a tunnel is refused', async () => {
    expect(await raw('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')).not.toContain(' 200 ');
  });
});

describe('what is odd but right', () => {
  it.each<[string, () => string]>([
    ['chunks', () => post('Transfer-Encoding: chunked', '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n')],
    [
      'a chunk for each octet and trailers',
      () => post('Transfer-Encoding: chunked', '1\r\n{\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n'),
    ],
    ['no body and a type', () => post('Content-Length: 0')],
    ['100-continue', () => post('Expect: 100-continue\r\nContent-Length: 2', '{}')],
  ])('%s', async (_what, make) => {
    expect(await raw(make())).toContain('HTTP/1.1 201');
  });
});

it('a body that is too large is refused before it has come', async () => {
  const { hostname, port } = new URL(sut.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  // Without "Connection: close": a server that closes at once can cut off its own answer (RFC 9112 §9.6).
  socket.write(post('Transfer-Encoding: chunked').replace('Connection: close\r\n', ''));
  const chunk = `100000\r\n${' '.repeat(1024 * 1024)}\r\n`;
  let sentMiB = 0;
  const send = (): void => {
    if (answer !== '' || socket.destroyed) return;
    sentMiB += 1;
    if (socket.write(chunk)) setImmediate(send);
    else socket.once('drain', send);
  };
  send();
  await waitFor(() => answer.includes('\r\n\r\n'), 'the refusal');
  expect(answer.slice(0, 12)).toBe('HTTP/1.1 413');
  expect(sentMiB).toBeLessThan(40);
  socket.destroy();
});

it('serves on after all that', async () => {
  expect((await sut.call('GET', '/v1/inboxes', { key })).status).toBe(200);
});
