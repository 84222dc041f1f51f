import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AuditEntry,
  EndpointChangedV1,
  InboxChangedV1,
  newId,
  type OrganizationId,
  ScanApprovalResolvedV1,
  ScanOutboundRejectedV1,
  SuppressionAddedV1,
} from '@postern/contracts';
import { type ServiceUnderTest, waitFor } from '@postern/testing';
import { ChainPending } from '../src/audit/chain-pending.js';
import { NO_HASH } from '../src/audit/chain.js';
import { exportAt, listAt } from './audit.harness.js';
import { type GatewayUnderTest, ROOT_KEY, startGateway, startReplica } from './gateway.harness.js';
import { inboxOf } from './replies.js';

let sut: GatewayUnderTest;
let replica: ServiceUnderTest;

beforeAll(async () => {
  sut = await startGateway();
  replica = await startReplica(sut.infra);
});
afterAll(async () => {
  await replica.stop();
  await sut.stop();
});

const createKey = (key: string, body: object = {}) =>
  sut.call('POST', '/v1/api_keys', { key, body: { name: 'k', mode: 'live', scopes: ['messages:read'], ...body } });

/** The list, newest first, as soon as it has so many entries. */
const entriesOf = (key: string, count: number): Promise<AuditEntry[]> =>
  waitFor(async () => {
    const entries = await listAt(sut.url, key);
    return entries.length >= count && entries;
  }, `${count} entries`);

const waiting = async (): Promise<number> => {
  const [row] = await sut.gateway.database.query<{ count: number }>('SELECT count(*) FROM audit_pending');
  return row?.count ?? 0;
};

describe('the audit log', () => {
  it('tells who did what at the gateway, newest first', async () => {
    const { id, key } = await sut.organization();
    const { body: made } = await createKey(key, { scopes: ['audit:read'], mode: 'test' });
    await sut.call('PATCH', `/v1/organizations/${id}`, {
      key: ROOT_KEY,
      body: { name: 'secret name', limits: { sends_per_day: 7 } },
    });
    await sut.call('DELETE', `/v1/api_keys/${made.id}`, { key });
    const entries = await entriesOf(key, 5);
    const maker = entries.at(-2)?.data['api_key_id'];
    expect(entries.map(({ sequence, event_type, severity, actor }) => [sequence, event_type, severity, actor])).toEqual(
      [
        [5, 'api_key.revoked', 'warning', maker],
        [4, 'organization.updated', 'info', 'root'],
        [3, 'api_key.created', 'info', maker],
        [2, 'api_key.created', 'info', 'root'],
        [1, 'organization.created', 'info', 'root'],
      ],
    );
    expect(entries[1]?.data).toMatchObject({ changed: ['limits', 'name'], limits: { sends_per_day: 7 } });
    expect(JSON.stringify(entries)).not.toContain('secret name');
    expect(entries.at(-1)?.prev_hash).toBe(NO_HASH);
  });

  it('notes nothing of what did not happen', async () => {
    const { key } = await sut.organization();
    await entriesOf(key, 2);
    expect((await createKey(key, { expires_at: '2020-01-01T00:00:00Z' })).status).toBe(422);
    expect((await sut.call('DELETE', `/v1/api_keys/${newId('key')}`, { key })).status).toBe(404);
    const options = { key, headers: { 'idempotency-key': 'once' }, body: { name: 'k', mode: 'live', scopes: ['*'] } };
    await Promise.all([0, 1, 2].map(() => sut.call('POST', '/v1/api_keys', options)));
    await createKey(key);
    const entries = await entriesOf(key, 4);
    expect(entries.map(({ event_type }) => event_type).slice(0, 2)).toEqual(['api_key.created', 'api_key.created']);
    expect(entries).toHaveLength(4);
  });

  it('takes in what other services tell, once', async () => {
    const { id, key } = await sut.organization();
    const tenant = { organizationId: id as OrganizationId, mode: 'live' as const };
    const [actor, inbox] = [newId('key'), inboxOf('audited')];
    const about = { messageId: newId('msg'), inboxId: inbox.id, version: 1 };
    const security = { risk_score: 90, summary: 'Secret words.', detections: [], triggered_policy: null };
    const { bus } = sut.gateway;
    const eventId = newId('evt');
    const created = { ...tenant, id: eventId, data: { change: 'created' as const, inbox, version: 1, actor } };
    await bus.publish(InboxChangedV1, created);
    await bus.publish(InboxChangedV1, created, { again: true });
    await bus.publish(ScanOutboundRejectedV1, { ...tenant, data: { ...about, security, reason: 'Secret words.' } });
    await bus.publish(ScanApprovalResolvedV1, {
      ...tenant,
      data: { ...about, approvalId: newId('apr'), outcome: 'approved', decidedBy: actor },
    });
    await bus.publish(SuppressionAddedV1, {
      ...tenant,
      data: {
        suppression: {
          id: newId('sup'),
          address: 'someone@example.org',
          reason: 'complaint',
          source_message_id: null,
          created_at: new Date().toISOString(),
        },
      },
    });
    await bus.publish(EndpointChangedV1, {
      ...tenant,
      data: { change: 'created', webhookId: newId('whk'), host: 'a.example', inboxIds: [], status: 'enabled', actor },
    });
    const entries = (await entriesOf(key, 7)).toReversed().slice(2);
    // Two gateways take them in beside each other, so the order is not that of their publishing.
    expect(
      new Map(
        entries.map(({ event_type, severity, actor: by, inbox_id }) => [event_type, [severity, by, inbox_id]] as const),
      ),
    ).toEqual(
      new Map([
        ['inbox.created', ['info', actor, inbox.id]],
        ['message.rejected', ['critical', 'system', inbox.id]],
        ['approval.approved', ['info', actor, inbox.id]],
        ['suppression.added', ['info', 'system', null]],
        ['webhook.created', ['info', actor, null]],
      ]),
    );
    expect(entries).toHaveLength(5);
    expect(JSON.stringify(entries)).not.toMatch(/someone|Secret|audited/);
    expect((await exportAt(sut.url, key)).problems).toEqual([]);
  });

  it('is filtered and paged', async () => {
    const { id, key } = await sut.organization();
    const inbox = newId('inb');
    const tenant = { organizationId: id as OrganizationId, mode: 'live' as const };
    for (const [index, change] of (['created', 'paused', 'resumed'] as const).entries()) {
      const data = { change, inbox: { ...inboxOf('b'), id: inbox }, version: 1 };
      await sut.gateway.bus.publish(InboxChangedV1, { ...tenant, data });
      // Two gateways take them in beside each other: only what stands there already is before the next.
      await entriesOf(key, 3 + index);
    }
    const all = await entriesOf(key, 5);
    const types = async (query: string): Promise<string[]> =>
      (await listAt(sut.url, key, query)).map(({ event_type }) => event_type);
    expect(await types(`&inbox_id=${inbox}`)).toEqual(['inbox.resumed', 'inbox.paused', 'inbox.created']);
    expect(await types('&severity=warning')).toEqual(['inbox.paused']);
    expect(await types('&event_type=organization.created')).toEqual(['organization.created']);
    expect(await types(`&event_type=inbox.created&severity=warning`)).toEqual([]);
    const since = all[1]?.created_at ?? '';
    const expected = all.filter(({ created_at }) => created_at >= since).map(({ event_type }) => event_type);
    expect(await types(`&since=${since}`)).toEqual(expected);
    expect(await types('&since=2100-01-01T00:00:00Z')).toEqual([]);

    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await sut.call('GET', `/v1/audit_log?limit=2${cursor}`, { key });
      seen.push(...body.data.map((entry) => entry.id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(all.map((entry) => entry.id));
    for (const wrong of ['cursor=x', 'severity=loud', 'event_type=x', 'inbox_id=x', 'since=today', 'colour=red']) {
      expect((await sut.call('GET', `/v1/audit_log?${wrong}`, { key })).status).toBe(422);
    }
  });

  it('is for its own organization and mode, for keys with the scope, and inbox by inbox', async () => {
    const { id, key } = await sut.organization();
    const { key: other } = await sut.organization();
    const newInbox = async () => (await sut.call('POST', '/v1/inboxes', { key, body: {} })).body.id;
    const [a, b] = [await newInbox(), await newInbox()];
    for (const inbox of [a, b]) {
      const data = { change: 'created' as const, inbox: { ...inboxOf('c'), id: inbox }, version: 1 };
      await sut.gateway.bus.publish(InboxChangedV1, { organizationId: id as OrganizationId, mode: 'live', data });
    }
    const own = await entriesOf(key, 4);
    const ids = new Set<string>(own.map((entry) => entry.id));
    const { body: tester } = await createKey(key, { mode: 'test', scopes: ['audit:read'] });
    const { body: bound } = await createKey(key, { scopes: ['audit:read'], inbox_ids: [a] });
    const { body: scopeless } = await createKey(key);
    for (const stranger of [other, tester.secret]) {
      expect((await listAt(sut.url, stranger)).filter((entry) => ids.has(entry.id))).toEqual([]);
      expect((await exportAt(sut.url, stranger)).entries.filter((entry) => ids.has(entry.id))).toEqual([]);
    }
    expect((await listAt(sut.url, bound.secret)).map(({ inbox_id }) => inbox_id)).toEqual([a]);
    expect(await listAt(sut.url, bound.secret, `&inbox_id=${b}`)).toEqual([]);
    expect((await exportAt(sut.url, bound.secret)).reply.status).toBe(403);
    for (const path of ['/v1/audit_log', '/v1/audit_log/export']) {
      expect((await sut.call('GET', path, { key: scopeless.secret })).status).toBe(403);
    }
  });
});

describe('the chain', () => {
  it('is one over two replicas that both write after the same head', async () => {
    const { id, key } = await sut.organization();
    const chainers = [sut.gateway, replica].map(({ app }) => app.get(ChainPending));
    let writing = true;
    // Both at once, against the rule that one leads: as when a leader was cut off and does not know it yet.
    const turns = chainers.map(async (chainer) => {
      while (writing) await chainer.run().catch(() => undefined);
    });
    const urls = [sut.url, await replica.app.getUrl()];
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        fetch(`${urls[index % 2]}/v1/api_keys`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'k', mode: 'live', scopes: ['messages:read'] }),
        }).then(async (reply) => ((await reply.json()) as { id: string }).id),
      ),
    );
    await waitFor(async () => (await waiting()) === 0, 'all to be chained');
    writing = false;
    await Promise.all(turns);
    const { entries, problems } = await exportAt(sut.url, key);
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(62);
    expect(new Set(entries.slice(2).map(({ data }) => data['api_key_id']))).toEqual(new Set(made));
    expect(entries[0]?.data['organization_id']).toBe(id);
  });

  it('loses and doubles nothing when its writer is killed between taking and chaining', async () => {
    const { key } = await sut.organization();
    await entriesOf(key, 2);
    const admin = await sut.gateway.database.connect();
    for (let kill = 0; kill < 3; kill += 1) {
      // Reading goes on, appending waits: the chainer has taken the entries, and its transaction hangs before its end.
      await admin.query('BEGIN');
      await admin.query('LOCK TABLE audit_entries IN SHARE MODE');
      expect((await createKey(key)).status).toBe(201);
      const killed = await waitFor(async () => {
        const { rowCount } = await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_locks
           WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND relation = 'audit_entries'::regclass AND NOT granted AND mode = 'RowExclusiveLock'`,
        );
        return rowCount;
      }, 'a chainer to wait');
      expect(killed).toBe(1);
      await admin.query('COMMIT');
    }
    await admin.end();
    await waitFor(async () => (await waiting()) === 0, 'all to be chained');
    const { entries, problems } = await exportAt(sut.url, key);
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(5);
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(5);
  });

  it('drops what stands in it already', async () => {
    const { id, key } = await sut.organization();
    const [newest] = await entriesOf(key, 2);
    await sut.gateway.database.query(
      `INSERT INTO audit_pending (organization_id, mode, id, event_type, severity, actor, data)
       SELECT organization_id, mode, id, event_type, severity, 'root', data FROM audit_entries
       WHERE organization_id = $1 AND id = $2`,
      [id, newest?.id],
    );
    await waitFor(async () => (await waiting()) === 0, 'it to be dropped');
    expect(await listAt(sut.url, key)).toHaveLength(2);
  });

  it('cannot be changed, shortened or forked in the database', async () => {
    const { id, key } = await sut.organization();
    await entriesOf(key, 2);
    const { database } = sut.gateway;
    const refused = async (statement: string): Promise<void> =>
      expect(database.query(statement)).rejects.toThrow('the audit log only grows');
    await refused(`UPDATE audit_entries SET actor = 'root' WHERE organization_id = '${id}'`);
    await refused(`DELETE FROM audit_entries WHERE organization_id = '${id}'`);
    await refused('TRUNCATE audit_entries');
    await expect(
      database.query(
        `INSERT INTO audit_entries SELECT organization_id, mode, sequence + 10, id || 'x', event_type, severity, actor,
           inbox_id, data, created_at, prev_hash, hash FROM audit_entries WHERE organization_id = $1 AND sequence = 2`,
        [id],
      ),
    ).rejects.toThrow('prev_hash');
    const asRequest = database.asTenant({ organizationId: id, mode: 'live' }, (tx) =>
      tx.query(`INSERT INTO audit_entries SELECT * FROM audit_entries`),
    );
    await expect(asRequest).rejects.toThrow('permission denied');
  });
});

describe('the export', () => {
  it('streams a long log in order, with its head', async () => {
    const { id, key } = await sut.organization();
    await sut.gateway.database.query(
      `INSERT INTO audit_pending (organization_id, mode, id, event_type, severity, actor, data)
       SELECT $1, 'live', 'aud_' || lpad(n::text, 26, '0'), 'inbox.updated', 'info', 'system', '{"version": 1}'
       FROM generate_series(1, 2500) AS n`,
      [id],
    );
    await waitFor(async () => (await waiting()) === 0, 'all to be chained');
    const { reply, entries, problems } = await exportAt(sut.url, key);
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson');
    expect(reply.headers.get('content-disposition')).toContain('attachment');
    expect(problems).toEqual([]);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2502 }, (_, index) => index + 1));
    expect(reply.headers.get('x-audit-head')).toBe(`2502:${entries.at(-1)?.hash}`);
  });

  it('of a mode in which nothing happened is empty', async () => {
    const { key } = await sut.organization();
    const { body: tester } = await createKey(key, { mode: 'test', scopes: ['audit:read'] });
    const { reply, problems } = await exportAt(sut.url, tester.secret);
    expect([reply.status, reply.octets.length, reply.headers.get('x-audit-head')]).toEqual([200, 0, `0:${NO_HASH}`]);
    expect(problems).toEqual([]);
  });
});
