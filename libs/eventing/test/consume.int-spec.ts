import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { callerOf, startInfra, startService, waitFor, type Infra, type ServiceUnderTest } from '@postern/testing';
import { connectNats, DEAD_STREAM } from '../src/index.js';
import { Echo, FAILS_ONCE, migrations, Noted, probeService, REJECTED, suppressionFact } from './probe.service.js';

let infra: Infra;
let sut: ServiceUnderTest;
let connection: NatsConnection;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: probeService, schema: 'probe', migrations });
  connection = await connectNats(infra.natsUrl, 'test');
});

afterAll(async () => {
  await connection.close();
  await sut.stop();
  await infra.stop();
});

const noted = async (address: string): Promise<number> =>
  (await sut.database.query(`SELECT 1 FROM notes WHERE address = $1`, [address])).length;

async function deadLetters(): Promise<Record<string, string>[]> {
  const jsm = await jetstreamManager(connection);
  const { state } = await jsm.streams.info(DEAD_STREAM);
  const found: Record<string, string>[] = [];
  for (let seq = 1; seq <= state.last_seq; seq += 1) {
    const stored = await jsm.streams.getMessage(DEAD_STREAM, { seq });
    found.push({
      reason: stored?.header.get('Postern-Reason') ?? '',
      consumer: stored?.header.get('Postern-Consumer') ?? '',
    });
  }
  return found;
}

describe('a consumer', () => {
  it('has one effect of a fact that comes many times', async () => {
    const fact = suppressionFact(callerOf(), 'twice@example.com');
    const id = await sut.bus.publish(Noted, fact);
    for (let round = 0; round < 5; round += 1)
      await sut.bus.publish(Noted, { ...fact, id: id as never }, { again: true });
    await sut.bus.publish(Noted, suppressionFact(callerOf(), 'last@example.com'));
    await waitFor(() => noted('last@example.com'), 'the last fact');
    expect(await noted('twice@example.com')).toBe(1);
  });

  it('lets a failing fact fail alone, and tries it again', async () => {
    const tenant = callerOf();
    const addresses = ['before@example.com', FAILS_ONCE, 'after@example.com'];
    await Promise.all(addresses.map((address) => sut.bus.publish(Noted, suppressionFact(tenant, address))));
    await waitFor(
      async () => (await noted('before@example.com')) && (await noted('after@example.com')),
      'the neighbours',
    );
    await waitFor(() => noted(FAILS_ONCE), 'the second try');
  });

  it('puts what can never be handled into the dead letters, with the reason', async () => {
    await sut.bus.publish(Noted, suppressionFact(callerOf(), REJECTED));
    await jetstream(connection).publish(Noted.type, '{"this": "is no fact"}');
    await jetstream(connection).publish(Noted.type, 'not even JSON');
    const letters = await waitFor(async () => {
      const found = await deadLetters();
      return found.length >= 3 ? found : null;
    }, 'three dead letters');
    expect(letters.map(({ consumer }) => consumer)).toEqual(Array(3).fill('messaging__suppressions'));
    expect(letters.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        'this address is never noted',
        expect.stringContaining('not readable'),
        expect.stringContaining('not readable'),
      ]),
    );
  });
});

describe('a command', () => {
  /** A dependency that is away is a 503 in under two seconds; a busy machine may show it at the second try only. */
  const unavailableInTime = (ask: () => Promise<unknown>): Promise<true> =>
    waitFor(async () => {
      const startedAt = performance.now();
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable', httpStatus: 503, temporary: true });
      return performance.now() - startedAt < 2_000;
    }, 'a refusal in time');

  it('is answered', async () => {
    expect(await sut.ask(Echo, callerOf(), { say: 'hello' })).toEqual({ said: 'hello' });
  });

  it('fails with the error of the one who answers', async () => {
    await expect(sut.ask(Echo, callerOf(), { say: 'no' })).rejects.toMatchObject({
      code: 'invalid_state',
      httpStatus: 409,
      details: { say: 'no' },
    });
  });

  it('is refused when its input does not meet the contract', async () => {
    await expect(sut.ask(Echo, callerOf(), { say: 7 } as never)).rejects.toMatchObject({ code: 'validation_error' });
  });

  it('is unavailable at once while the broker is away, and answered again after', async () => {
    await sut.ask(Echo, callerOf(), { say: 'before' });
    await infra.nats.hold();
    await unavailableInTime(() => sut.ask({ ...Echo, heavy: true }, callerOf(), { say: 'during' }));
    await infra.nats.release();
    await waitFor(() => sut.ask(Echo, callerOf(), { say: 'after' }).catch(() => null), 'an answer');
  });

  it('is unavailable, soon, when nobody answers', async () => {
    await unavailableInTime(() => sut.ask({ ...Echo, name: 'nobody.home' }, callerOf(), { say: 'x' }));
  });
});
