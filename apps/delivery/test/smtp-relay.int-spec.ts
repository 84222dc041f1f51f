import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@postern/contracts';
import { generate } from 'selfsigned';
import type { CarrierFeedback } from '../src/send/outcome.js';
import { feedbackOf, outcomeOfFailure } from '../src/smtp-relay/smtp-outcome.js';
import { RelayPool } from '../src/smtp-relay/relay-pool.js';
import type { Relay } from '../src/smtp-relay/relay-settings.js';
import { startRelay, type RelayOpponent } from './relay.opponent.js';

const RAW = Buffer.from('Subject: Hello\r\n\r\n.a line that begins with a dot\r\nlast line');
const FROM = 'agent@postern.test';

let relay: RelayOpponent | null = null;
let pool: RelayPool | null = null;
let tls: { key: string; cert: string };

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  tls = { key: made.private, cert: made.cert };
});

afterEach(async () => {
  await pool?.close();
  await relay?.stop();
});

const poolTo = (port: number, more: Partial<Relay['connection']> = {}, login: Relay['login'] = null): RelayPool =>
  new RelayPool({
    login,
    connection: { host: '127.0.0.1', port, secure: false, ignoreTLS: true, socketTimeout: 2_000, ...more },
  });
const addressed = (feedback: CarrierFeedback[]) =>
  feedback.map(({ type, recipients }) => [type, recipients.map(({ address, status }) => [address, status])]);

test('octets arrive as they are, also those that begin with a dot', async () => {
  relay = await startRelay();
  pool = poolTo(relay.port);
  expect(await pool.transact(FROM, ['ann@example.com', 'bob@example.com'], RAW)).toHaveProperty('reply');
  expect(relay.taken).toEqual([{ to: ['ann@example.com', 'bob@example.com'], raw: `${RAW.toString()}\r\n` }]);
});

test('a session serves one message after the other, and one that was ended meanwhile is replaced', async () => {
  relay = await startRelay();
  pool = poolTo(relay.port);
  for (let n = 0; n < 3; n += 1) expect(await pool.transact(FROM, ['ann@example.com'], RAW)).toHaveProperty('reply');
  expect(relay.sessions()).toBe(1);
  relay.hangUp();
  expect(await pool.transact(FROM, ['ann@example.com'], RAW)).toHaveProperty('reply');
  expect(relay.sessions()).toBe(2);
  expect(relay.taken).toHaveLength(4);
});

test.each([
  ['refuses one', 'Permanent', '5.1.1'],
  ['defers one', 'Transient', '4.2.1'],
] as const)('a relay that %s of two recipients sends to the other, and says which', async (mood, type, status) => {
  relay = await startRelay();
  relay.act(mood);
  pool = poolTo(relay.port);
  const result = await pool.transact(FROM, ['nobody@example.com', 'ann@example.com'], RAW);
  if (!('reply' in result)) throw new Error('was not taken');
  expect(addressed(feedbackOf(result.reply))).toEqual([[type, [['nobody@example.com', status]]]]);
  expect(relay.taken.map(({ to }) => to)).toEqual([['ann@example.com']]);
});

test('when all recipients are refused the message is', async () => {
  relay = await startRelay();
  relay.act('refuses one');
  pool = poolTo(relay.port);
  const result = await pool.transact(FROM, ['nobody@example.com'], RAW);
  expect('failure' in result && outcomeOfFailure(result.failure)).toMatchObject({ kind: 'rejected', code: 'smtp_550' });
});

describe('logging in', () => {
  const outcomeWith = async (password: string) => {
    relay = await startRelay({ ...tls });
    pool = poolTo(
      relay.port,
      { ignoreTLS: false, requireTLS: true, tls: { ca: tls.cert } },
      { user: 'me', pass: password },
    );
    const result = await pool.transact(FROM, ['ann@example.com'], RAW);
    return 'failure' in result ? outcomeOfFailure(result.failure) : 'taken';
  };

  test('works inside TLS', async () => {
    expect(await outcomeWith('secret')).toBe('taken');
  });

  test('a wrong password waits for the operator', async () => {
    expect(await outcomeWith('wrong')).toMatchObject({ kind: 'wait', cause: 'operator' });
  });
});

test.each([
  ['offers no TLS', () => startRelay(), { ignoreTLS: false, requireTLS: true }],
  ['has a certificate that nobody vouches for', () => startRelay({ ...tls }), { ignoreTLS: false, requireTLS: true }],
] as const)('a relay that %s is not talked to', async (_, start, options) => {
  relay = await start();
  pool = poolTo(relay.port, options);
  const result = await pool.transact(FROM, ['ann@example.com'], RAW);
  expect('failure' in result && outcomeOfFailure(result.failure)).toMatchObject({ kind: 'wait', cause: 'operator' });
  expect(relay.taken).toEqual([]);
});

test('an error that nobody knows is unknown only when the message was written to its end', () => {
  const error = Object.assign(new Error(newId('msg')), { code: 'ECONNECTION' });
  expect(outcomeOfFailure({ error, complete: true }).kind).toBe('unknown');
  expect(outcomeOfFailure({ error, complete: false })).toMatchObject({ kind: 'wait', cause: 'outage' });
  expect(outcomeOfFailure({ error: null, complete: true }).kind).toBe('unknown');
});
