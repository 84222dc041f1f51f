import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type KeyId, MessageStatusChangedV1, newId } from '@postern/contracts';
import { summaryOf, waitFor } from '@postern/testing';
import { MessageWaits, type Waiter, WAITS_OF_ORGANIZATION_MAX } from '../src/wait/message-waits.js';
import { Revocations } from '../src/auth/revocations.js';
import { type GatewayUnderTest, startGateway, startReplica } from './gateway.harness.js';

const LONG_SECONDS = 30;

let sut: GatewayUnderTest;
let waits: MessageWaits;

beforeAll(async () => {
  sut = await startGateway();
  waits = sut.gateway.app.get(MessageWaits);
});
afterAll(() => sut.stop());

function waiter(given: Partial<Waiter> & { keyId?: KeyId } = {}): Waiter {
  const { keyId = newId('key'), ...rest } = given;
  const context = {
    organizationId: newId('org'),
    mode: 'live' as const,
    keyId,
    inboxIds: null,
    requestId: 'req_wait',
    traceparent: '',
    idempotency: null,
  };
  return { context, expiresAt: null, gone: () => new AbortController().signal, ...rest };
}

/** Looks that find nothing until they are told to. */
function looking(): { looks: number; found: string | null; look: () => Promise<string | null> } {
  const one = {
    looks: 0,
    found: null as string | null,
    look: async () => {
      one.looks += 1;
      return one.found;
    },
  };
  return one;
}

const change = (of: Waiter, message = summaryOf()) =>
  sut.gateway.bus.publish(MessageStatusChangedV1, {
    organizationId: of.context.organizationId,
    mode: of.context.mode,
    data: { message, version: 2, announce: null, recipient: null },
  });

const concerns = (): boolean => true;

describe('a wait', () => {
  it('ends at the first look when it is there already', async () => {
    const wish = { seconds: LONG_SECONDS, concerns, look: async () => 'there' };
    expect(await waits.until(waiter(), wish)).toBe('there');
  });

  it('looks again when a fact concerns it, whichever gateway published the cause', async () => {
    const who = waiter();
    const target = looking();
    const waited = waits.until(who, { seconds: LONG_SECONDS, concerns, look: target.look });
    await waitFor(() => target.looks === 1, 'the first look');
    target.found = 'there';
    await change(who);
    expect(await waited).toBe('there');
    expect(target.looks).toBe(2);
  });

  it('sleeps through what concerns others', async () => {
    const who = waiter();
    const another = waiter();
    const target = looking();
    const mine = summaryOf();
    const waited = waits.until(who, { seconds: LONG_SECONDS, concerns: ({ id }) => id === mine.id, look: target.look });
    await waitFor(() => target.looks === 1, 'the first look');
    await change(another, mine);
    await change({ ...who, context: { ...who.context, mode: 'test' } }, mine);
    await change(who);
    target.found = 'there';
    await change(who, mine);
    expect(await waited).toBe('there');
    expect(target.looks).toBe(2);
  });

  it('takes a last look when time is up', async () => {
    const target = looking();
    expect(await waits.until(waiter(), { seconds: 0, concerns, look: target.look })).toBeNull();
    expect(target.looks).toBe(2);
  });

  it('ends with 401 when its key is revoked, by another gateway too', async () => {
    const replica = await startReplica(sut.infra);
    const keyId = newId('key');
    const target = looking();
    const waited = waits.until(waiter({ keyId }), { seconds: LONG_SECONDS, concerns, look: target.look });
    const outcome = expect(waited).rejects.toMatchObject({ code: 'unauthorized' });
    await waitFor(() => target.looks === 1, 'the first look');
    replica.app.get(Revocations).announce(keyId);
    await outcome;
    await replica.stop();
  });

  it('ends with 401 when its key expires', async () => {
    const expiring = waiter({ expiresAt: new Date(Date.now() + 50) });
    const waited = waits.until(expiring, { seconds: LONG_SECONDS, concerns, look: looking().look });
    await expect(waited).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('ends when the client goes away, and looks no more', async () => {
    const client = new AbortController();
    const target = looking();
    const wish = { seconds: LONG_SECONDS, concerns, look: target.look };
    const waited = waits.until(waiter({ gone: () => client.signal }), wish);
    await waitFor(() => target.looks === 1, 'the first look');
    client.abort();
    expect(await waited).toBeNull();
    expect(target.looks).toBe(1);
  });

  it('fails with what the look throws, and leaves its place', async () => {
    const look = (): Promise<never> => Promise.reject(new Error('broken'));
    await expect(waits.until(waiter(), { seconds: LONG_SECONDS, concerns, look })).rejects.toThrow('broken');
  });
});

it('one organization cannot take all places, and gets them back', async () => {
  const who = waiter();
  const target = looking();
  const wish = { seconds: LONG_SECONDS, concerns, look: target.look };
  const held = Array.from({ length: WAITS_OF_ORGANIZATION_MAX }, () => waits.until(who, wish));
  await expect(waits.until(who, wish)).rejects.toMatchObject({ code: 'rate_limited', details: { reason: 'waits' } });
  expect(await waits.until(waiter(), { ...wish, look: async () => 'free' })).toBe('free');
  await waitFor(() => target.looks === WAITS_OF_ORGANIZATION_MAX, 'all first looks');
  target.found = 'there';
  await change(who);
  expect(new Set(await Promise.all(held))).toEqual(new Set(['there']));
  expect(await waits.until(who, wish)).toBe('there');
});

it('a stop ends every wait after one last look', async () => {
  const replica = await startReplica(sut.infra);
  const target = looking();
  const own = replica.app.get(MessageWaits);
  const waited = own.until(waiter(), { seconds: LONG_SECONDS, concerns, look: target.look });
  await waitFor(() => target.looks === 1, 'the first look');
  await replica.stop();
  expect(await waited).toBeNull();
  expect(target.looks).toBe(2);
});
