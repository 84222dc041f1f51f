import { rm } from 'node:fs/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  callerOf,
  inLockOrder,
  startInfra,
  startService,
  waitFor,
  type Infra,
  type ServiceUnderTest,
} from '@postern/testing';
import { CONSUMERS, connectNats, EVENTS_STREAM, Outbox } from '../src/index.js';
import { RelayStore } from '../src/relay/relay-store.js';
import { migrations, Noted, probeService, suppressionFact } from './probe.service.js';

let infra: Infra;
let sut: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: probeService, schema: 'probe', migrations });
});

afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

const emit = (addresses: string[], tenant = callerOf(), fair = false): Promise<void> =>
  sut.database.transaction((tx) =>
    sut.app.get(Outbox).add(
      tx,
      Noted,
      addresses.map((address) => suppressionFact(tenant, address)),
      { fair },
    ),
  );

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}@example.com`);

const noted = async (name: string): Promise<string[]> =>
  (
    await sut.database.query<{ address: string }>(`SELECT address FROM notes WHERE address LIKE $1 ORDER BY n`, [
      `${name}%`,
    ])
  ).map(({ address }) => address);

describe('the relay', () => {
  it('publishes what was committed, in order, and nothing that was rolled back', async () => {
    await expect(
      sut.database.transaction(async (tx) => {
        await sut.app.get(Outbox).add(tx, Noted, [suppressionFact(callerOf(), 'undone0@example.com')]);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    const addresses = numbered('ordered', 450);
    await emit(addresses);
    await waitFor(async () => (await noted('ordered')).length === addresses.length, 'all notes');
    expect(await noted('ordered')).toEqual(addresses);
    expect(await noted('undone')).toEqual([]);
  });

  it('publishes again, without a second effect, what it does not know to be published', async () => {
    await emit(numbered('again', 60));
    await waitFor(async () => (await noted('again')).length === 60, 'all notes');
    await sut.database.query(`UPDATE outbox SET published_at = NULL WHERE record LIKE '%again%'`);
    await waitFor(
      async () => (await sut.database.query(`SELECT 1 FROM outbox WHERE published_at IS NULL`)).length === 0,
      'everything to be published again',
    );
    expect(await noted('again')).toHaveLength(60);
  });

  it('passes the trace on, inside the fact and as a header', async () => {
    await emit(['traced0@example.com']);
    const connection = await connectNats(infra.natsUrl, 'test-trace');
    const jsm = await jetstreamManager(connection);
    const stored = await waitFor(async () => {
      const { state } = await jsm.streams.info(EVENTS_STREAM);
      const last = await jsm.streams.getMessage(EVENTS_STREAM, { seq: state.last_seq });
      return last?.string().includes('traced0') === true ? last : null;
    }, 'the fact on the bus');
    expect(stored.header.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(stored.json<{ traceparent: string }>().traceparent).toBe(stored.header.get('traceparent'));
    await connection.close();
  });

  it('lets one tenant with many facts not delay another, and holds back what is not settled', async () => {
    const [busy, quiet] = [callerOf(), callerOf()];
    await emit(numbered('busy', 300), busy, true);
    await emit(['quiet0@example.com'], quiet, true);
    await waitFor(async () => (await noted('quiet')).length === 1, 'the quiet tenant');
    await waitFor(async () => (await noted('busy')).length === 100, 'as many as may be unsettled');
    const published = await sut.database.query<{ id: string }>(
      `SELECT id FROM outbox WHERE organization_id = $1 AND published_at IS NOT NULL`,
      [busy.organizationId],
    );
    expect(published).toHaveLength(100);
    await sut.database.transaction((tx) =>
      sut.app.get(Outbox).settle(
        tx,
        published.slice(0, 50).map(({ id }) => id),
      ),
    );
    await waitFor(async () => (await noted('busy')).length === 150, 'fifty more');
    // In the order in which the relay marks them.
    await sut.database.query(
      `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE organization_id = $1 ORDER BY id FOR UPDATE)`,
      [busy.organizationId],
    );
  });

  it('writes several facts in one order, whoever writes them', async () => {
    await emit(numbered('ranked', 2), callerOf(), true);
    await waitFor(async () => (await noted('ranked')).length === 2, 'all notes');
    const rows = await waitFor(async () => {
      const published = await sut.database.query<{ id: string; stream_seq: number }>(
        `SELECT id, stream_seq FROM outbox WHERE record LIKE '%ranked%' AND published_at IS NOT NULL ORDER BY id`,
      );
      return published.length === 2 ? published : null;
    }, 'the facts to be marked');
    const backwards = rows.toReversed().map(({ id }) => id);
    await sut.database.query(`UPDATE outbox SET message_id = 'msg_ranked' WHERE id = ANY($1)`, [backwards]);
    const relay = sut.app.get(RelayStore);
    const outbox = sut.app.get(Outbox);
    const works = [
      () =>
        relay.markPublished(
          backwards,
          rows.toReversed().map(({ stream_seq }) => stream_seq),
        ),
      () => sut.database.transaction((tx) => outbox.settle(tx, backwards)),
      () => sut.database.transaction((tx) => outbox.letGo(tx, ['msg_ranked'])),
      () => relay.publishAgain(Math.min(...rows.map(({ stream_seq }) => stream_seq)) - 1),
    ];
    const lockOf = (id = ''): string => `SELECT 1 FROM probe.outbox WHERE id = '${id}' FOR UPDATE`;
    for (const work of works)
      await inLockOrder(infra.adminUrl, { first: lockOf(rows[0]?.id), later: [lockOf(rows[1]?.id)], work });
    await waitFor(
      async () => (await sut.database.query(`SELECT 1 FROM outbox WHERE published_at IS NULL`)).length === 0,
      'everything to be published again',
    );
    expect(await noted('ranked')).toHaveLength(2);
  });

  it('loses nothing and doubles nothing when the whole JetStream directory is deleted under load', async () => {
    const total = 1_500;
    let emitted = 0;
    const load = (async () => {
      for (; emitted < total; emitted += 50) await emit(numbered(`loss${emitted}-`, 50));
    })();
    await waitFor(async () => (await noted('loss')).length > 200, 'the load to be under way');
    await infra.nats.hold();
    await rm(infra.nats.storeDir, { recursive: true });
    await load;
    await infra.nats.release();
    await waitFor(async () => (await noted('loss')).length >= total, 'everything to arrive');
    const all = await noted('loss');
    expect(all).toHaveLength(total);
    expect(new Set(all).size).toBe(total);
  });

  it('makes a deleted consumer again, without a restart', async () => {
    const connection = await connectNats(infra.natsUrl, 'test-operator');
    const jsm = await jetstreamManager(connection);
    await jsm.consumers.delete(EVENTS_STREAM, 'messaging__suppressions');
    await emit(numbered('healed', 5));
    await waitFor(async () => (await noted('healed')).length === 5, 'the consumer to heal');
    await connection.close();
  });

  it('counts a fact as safe only when every consumer of the system has it', async () => {
    const rows = await waitFor(
      () => sut.database.query<{ ack_floor: number }>(`SELECT ack_floor FROM relay_state`).then((found) => found[0]),
      'the relay to remember',
    );
    // Of all consumers only one exists in this test: nothing may be forgotten.
    expect(Object.keys(CONSUMERS).length).toBeGreaterThan(1);
    expect(rows.ack_floor).toBe(0);
  });

  it('goes on in another process when the leading one stops', async () => {
    const second = await startService({ infra, service: probeService, schema: 'probe', migrations });
    await sut.stop();
    sut = second;
    await emit(numbered('handed', 5));
    await waitFor(async () => (await noted('handed')).length === 5, 'the second process to lead');
  });
});
