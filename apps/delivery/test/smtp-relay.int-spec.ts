import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '@postern/contracts';
import { generate } from 'selfsigned';
import type { CarrierFeedback } from '../src/send/outcome.js';
import { feedbackOf, outcomeOfFailure, type SmtpFailure } from '../src/smtp-relay/smtp-outcome.js';
import { RelayPool } from '../src/smtp-relay/relay-pool.js';
import type { Letter, Transaction } from '../src/smtp-relay/relay-session.js';
import type { Relay } from '../src/smtp-relay/relay-settings.js';
import { startRelay, type RelayOpponent } from './relay.opponent.js';

const RAW = Buffer.from('Subject: Hello\r\n\r\n.a line that begins with a dot\r\nlast line');
const FROM = 'agent@postern.test';
const STEP_MS = 2_000;

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
    stepMs: STEP_MS,
    connection: { host: '127.0.0.1', port, secure: false, ignoreTLS: true, socketTimeout: STEP_MS, ...more },
  });
const letterTo = (to = ['ann@example.com']): Letter => ({ from: FROM, to, raw: RAW, mayBegin: () => true });
const failureOf = (result: Transaction): SmtpFailure => {
  if (typeof result === 'object' && 'failure' in result) return result.failure;
  throw new Error('was no failure');
};
const addressed = (feedback: CarrierFeedback[]) =>
  feedback.map(({ type, recipients }) => [type, recipients.map(({ address, status }) => [address, status])]);

test('octets arrive as they are, also those that begin with a dot', async () => {
  relay = await startRelay();
  pool = poolTo(relay.port);
  expect(await pool.transact(letterTo(['ann@example.com', 'bob@example.com']))).toHaveProperty('reply');
  expect(relay.taken).toEqual([{ to: ['ann@example.com', 'bob@example.com'], raw: `${RAW.toString()}\r\n` }]);
});

test('a session serves one message after the other, and one that was ended meanwhile is replaced', async () => {
  relay = await startRelay();
  pool = poolTo(relay.port);
  for (let n = 0; n < 3; n += 1) expect(await pool.transact(letterTo())).toHaveProperty('reply');
  expect(relay.sessions()).toBe(1);
  relay.hangUp();
  expect(await pool.transact(letterTo())).toHaveProperty('reply');
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
  const result = await pool.transact(letterTo(['nobody@example.com', 'ann@example.com']));
  if (typeof result !== 'object' || !('reply' in result)) throw new Error('was not taken');
  expect(addressed(feedbackOf(result.reply))).toEqual([[type, [['nobody@example.com', status]]]]);
  expect(relay.taken.map(({ to }) => to)).toEqual([['ann@example.com']]);
});

test('when all recipients are refused the message is', async () => {
  relay = await startRelay();
  relay.act('refuses one');
  pool = poolTo(relay.port);
  const result = await pool.transact(letterTo(['nobody@example.com']));
  expect(outcomeOfFailure(failureOf(result))).toMatchObject({ kind: 'rejected', code: 'smtp_550' });
});

describe('logging in', () => {
  const outcomeWith = async (password: string) => {
    relay = await startRelay({ ...tls });
    pool = poolTo(
      relay.port,
      { ignoreTLS: false, requireTLS: true, tls: { ca: tls.cert } },
      { user: 'me', pass: password },
    );
    const result = await pool.transact(letterTo());
    return typeof result === 'object' && 'reply' in result ? 'taken' : outcomeOfFailure(failureOf(result));
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
  const result = await pool.transact(letterTo());
  expect(outcomeOfFailure(failureOf(result))).toMatchObject({ kind: 'wait', cause: 'operator' });
  expect(relay.taken).toEqual([]);
});

test('a relay that answers each command in time, but not the message, is not waited for beyond a step', async () => {
  relay = await startRelay();
  relay.act('dawdles');
  pool = poolTo(relay.port);
  const to = Array.from({ length: 50 }, (_, n) => `to-${n}@example.com`);
  expect(outcomeOfFailure(failureOf(await pool.transact(letterTo(to))))).toMatchObject({
    kind: 'wait',
    cause: 'outage',
    code: 'ETIMEDOUT',
  });
  expect(relay.taken).toEqual([]);
});

test('an error that nobody knows is unknown only when the message was written to its end', () => {
  const error = Object.assign(new Error(newId('msg')), { code: 'ECONNECTION' });
  expect(outcomeOfFailure({ error, complete: true }).kind).toBe('unknown');
  expect(outcomeOfFailure({ error, complete: false })).toMatchObject({ kind: 'wait', cause: 'outage' });
  expect(outcomeOfFailure({ error: null, complete: true }).kind).toBe('unknown');
});
