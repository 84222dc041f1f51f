import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type CreditEntry,
  type Credits,
  MessageAcceptedV1,
  type MessageId,
  MessageReceivedV1,
  MessageStatusChangedV1,
  newId,
  type OrganizationId,
  type Page,
} from '@postern/contracts';
import { type Infra, type ServiceUnderTest, startInfra, startService, waitFor } from '@postern/testing';
import { CreditDesk } from '../src/credits/credit-desk.js';
import { gatewayServiceWith } from '../src/gateway.service.js';
import { migrations, SCHEMA } from '../src/store/migrations/index.js';
import { acceptedFact, changedFact, receivedFact } from './credits.facts.js';
import { callAt, ROOT_KEY } from './gateway.harness.js';
import { type Player, playMessaging } from './messaging.player.js';

/** Leases that end while a test waits. */
/** Short, but for the grace, which has to be longer than the bus may take to answer (see CreditTiming). */
const QUICK = { leaseMs: 400, graceMs: 2_500, tickMs: 50, askAfterMs: 600 };

let infra: Infra;
let player: Player;
let first: ServiceUnderTest;
let second: ServiceUnderTest;
let urls: string[];

const startQuick = (): Promise<ServiceUnderTest> =>
  startService({
    infra,
    service: gatewayServiceWith({ now: () => Date.now(), timing: QUICK }),
    schema: SCHEMA,
    migrations,
    env: { PORT: '0', POSTERN_ROOT_KEY: ROOT_KEY },
  });

beforeAll(async () => {
  infra = await startInfra();
  player = await playMessaging(infra.natsUrl);
  first = await startQuick();
  second = await startQuick();
  urls = await Promise.all([first, second].map(({ app }) => app.getUrl()));
});
afterAll(async () => {
  await second.stop();
  await first.stop();
  await player.stop();
  await infra.stop();
});

/** An organization of its own for a test, with what it does. */
class Tenant {
  private constructor(
    readonly id: OrganizationId,
    readonly key: string,
  ) {}

  static async with(creditsPerMonth: number | null): Promise<Tenant> {
    const body = { name: 'Acme', limits: { credits_per_month: creditsPerMonth } };
    const { body: made } = await callAt(urls[0] ?? '', 'POST', '/v1/organizations', { key: ROOT_KEY, body });
    const tenant = new Tenant(made.organization.id as OrganizationId, made.api_key.secret);
    await tenant.call('POST', '/v1/inboxes', { slug: 'desk' });
    return tenant;
  }

  call(method: string, path: string, body?: object, options: { replica?: number; idempotencyKey?: string } = {}) {
    return callAt(urls[options.replica ?? 0] ?? '', method, path, {
      key: this.key,
      ...(body && { body }),
      ...(options.idempotencyKey && { headers: { 'idempotency-key': options.idempotencyKey } }),
    });
  }

  send(options: { replica?: number; idempotencyKey?: string; inbox?: string } = {}) {
    const body = { to: 'ann@example.com', text: 'Hi' };
    return this.call('POST', `/v1/inboxes/${options.inbox ?? 'desk'}/messages`, body, options);
  }

  async credits(): Promise<Credits> {
    return (await this.call('GET', '/v1/credits')).body as unknown as Credits;
  }

  async ledger(query = ''): Promise<Page<CreditEntry>> {
    return (await this.call('GET', `/v1/credits/ledger${query}`)).body as unknown as Page<CreditEntry>;
  }

  about(messageId: string) {
    return { organizationId: this.id, messageId: messageId as MessageId };
  }

  accepted(messageId: string, again = false) {
    return first.bus.publish(MessageAcceptedV1, acceptedFact(this.about(messageId)), { again });
  }

  /** Waits for the ledger to have a number of entries. */
  entries(count: number): Promise<CreditEntry[]> {
    return waitFor(async () => {
      const { data } = await this.ledger();
      return data.length === count ? data : null;
    }, `${count} entries in the ledger`);
  }
}

const leasesOf = (tenant: Tenant) =>
  first.database.query('SELECT 1 FROM credit_leases WHERE organization_id = $1', [tenant.id]);

describe('an organization with a limit', () => {
  it('sends until its credits are used up, and is told what remains', async () => {
    const tenant = await Tenant.with(3);
    const replies = [await tenant.send({ idempotencyKey: 'a' }), await tenant.send(), await tenant.send()];
    expect(replies.map(({ status, headers }) => [status, headers.get('x-credits-remaining')])).toEqual([
      [202, '2'],
      [202, '1'],
      [202, '0'],
    ]);
    const refused = await tenant.send();
    expect([refused.status, refused.body.error.code]).toEqual([402, 'credits_exhausted']);
    expect(refused.headers.get('x-credits-remaining')).toBe('0');
    expect(await tenant.credits()).toMatchObject({ plan: 'limited', limit: 3, used: 3, remaining: 0 });
    // All other calls are free, and a replay wins over 402.
    expect((await tenant.call('GET', '/v1/inboxes')).status).toBe(200);
    const replay = await tenant.send({ idempotencyKey: 'a' });
    expect([replay.status, replay.headers.get('idempotent-replay')]).toEqual([202, 'true']);
    expect(replay.body.id).toBe(replies[0]?.body.id);
  });

  it('is charged once for each accepted message, however often the fact comes', async () => {
    const tenant = await Tenant.with(10);
    const ids = [(await tenant.send()).body.id, (await tenant.send()).body.id];
    for (const id of ids) {
      await tenant.accepted(id);
      await tenant.accepted(id, true);
    }
    const entries = await tenant.entries(2);
    expect(entries.map(({ message_id }) => message_id).sort()).toEqual(ids.sort());
    expect(entries).toEqual([
      expect.objectContaining({ reason: 'message_sent', amount: -1, balance: 8 }),
      expect.objectContaining({ reason: 'message_sent', amount: -1, balance: 9 }),
    ]);
    expect(await tenant.credits()).toMatchObject({ used: 2, remaining: 8 });
    await waitFor(async () => (await leasesOf(tenant)).length === 0, 'the lease to be given back');
  });

  it('pays nothing for what is refused or repeated', async () => {
    const tenant = await Tenant.with(2);
    expect((await tenant.send({ inbox: 'none' })).status).toBe(404);
    for (let n = 0; n < 3; n += 1) expect((await tenant.send({ idempotencyKey: 'same' })).status).toBe(202);
    expect((await tenant.send()).status).toBe(202);
    expect((await tenant.send()).status).toBe(402);
  });

  it('gets back, once, what a message cost that ended unsent', async () => {
    const tenant = await Tenant.with(1);
    const { id } = (await tenant.send()).body;
    // The end may be heard of before the beginning.
    for (const announce of ['message.rejected', 'message.failed'] as const) {
      await first.bus.publish(MessageStatusChangedV1, changedFact(tenant.about(id), announce));
    }
    await tenant.accepted(id);
    expect((await tenant.entries(2)).map(({ reason, balance }) => [reason, balance])).toEqual([
      ['refund', 1],
      ['message_sent', 0],
    ]);
    const next = await tenant.send();
    expect(next.status).toBe(202);
    await first.bus.publish(MessageStatusChangedV1, changedFact(tenant.about(next.body.id), 'message.failed', 'ses-1'));
    await tenant.accepted(next.body.id);
    expect((await tenant.entries(3))[0]).toMatchObject({ reason: 'message_sent', message_id: next.body.id });
    expect((await tenant.send()).status).toBe(402);
  });

  it('receives beyond its limit, and never shows less than nothing', async () => {
    const tenant = await Tenant.with(1);
    for (let n = 0; n < 3; n += 1) await first.bus.publish(MessageReceivedV1, receivedFact(tenant.about(newId('msg'))));
    const entries = await tenant.entries(3);
    expect(entries.map(({ reason, balance }) => [reason, balance])).toEqual([
      ['message_received', 0],
      ['message_received', 0],
      ['message_received', 0],
    ]);
    expect(await tenant.credits()).toMatchObject({ limit: 1, used: 3, remaining: 0 });
    expect((await tenant.send()).status).toBe(402);
  });

  it('goes on when the limit is raised', async () => {
    const tenant = await Tenant.with(0);
    expect((await tenant.send()).status).toBe(402);
    const body = { limits: { credits_per_month: 1 } };
    await callAt(urls[0] ?? '', 'PATCH', `/v1/organizations/${tenant.id}`, { key: ROOT_KEY, body });
    expect((await tenant.send()).status).toBe(202);
    expect((await tenant.send()).status).toBe(402);
  });

  it('pays nothing in test mode', async () => {
    const tenant = await Tenant.with(1);
    const made = await tenant.call('POST', '/v1/api_keys', { name: 't', mode: 'test', scopes: ['*'] });
    const test = (method: string, path: string, body?: object) =>
      callAt(urls[0] ?? '', method, path, { key: made.body.secret, ...(body && { body }) });
    await test('POST', '/v1/inboxes', { slug: 'desk' });
    for (let n = 0; n < 3; n += 1) {
      const reply = await test('POST', '/v1/inboxes/desk/messages', { to: 'ann@example.com', text: 'Hi' });
      expect([reply.status, reply.headers.get('x-credits-remaining')]).toEqual([202, '1']);
      await first.bus.publish(MessageAcceptedV1, acceptedFact({ ...tenant.about(reply.body.id), mode: 'test' }));
    }
    const { body: live } = await tenant.send();
    await tenant.accepted(live.id);
    await tenant.entries(1);
    expect((await test('GET', '/v1/credits')).body).toMatchObject({ limit: 1, used: 0, remaining: 1 });
    expect((await test('GET', '/v1/credits/ledger')).body.data).toEqual([]);
  });
});

describe('an organization without a limit', () => {
  it('is counted, never refused, and leases nothing', async () => {
    const tenant = await Tenant.with(null);
    const reply = await tenant.send();
    expect([reply.status, reply.headers.get('x-credits-remaining')]).toEqual([202, 'unlimited']);
    await tenant.accepted(reply.body.id);
    expect(await tenant.entries(1)).toEqual([expect.objectContaining({ amount: -1, balance: null })]);
    const credits = await tenant.credits();
    expect(credits).toMatchObject({ plan: 'unlimited', limit: null, used: 1, remaining: null });
    expect(credits.period_start).toMatch(/^\d{4}-\d\d-01T00:00:00\.000Z$/);
    expect(await leasesOf(tenant)).toEqual([]);
  });
});

describe('the ledger', () => {
  it('is paged, filtered, and of one organization', async () => {
    const [tenant, other] = [await Tenant.with(null), await Tenant.with(null)];
    const ids = Array.from({ length: 5 }, () => newId('msg'));
    for (const id of ids) await tenant.accepted(id);
    const all = await tenant.entries(5);
    const seen: CreditEntry[] = [];
    let cursor = '';
    do {
      const page = await tenant.ledger(`?limit=2${cursor}`);
      seen.push(...page.data);
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all);
    expect((await tenant.ledger('?reason=refund')).data).toEqual([]);
    expect((await other.ledger()).data).toEqual([]);
    expect((await tenant.call('GET', '/v1/credits/ledger?cursor=x')).status).toBe(422);
  });
});

describe('two replicas', () => {
  it('never spend more than there is, and leave nothing over', async () => {
    const { tenant, replies } = await waitFor(async () => {
      const tenant = await Tenant.with(25);
      const replies = await Promise.all(Array.from({ length: 60 }, (_, n) => tenant.send({ replica: n % 2 })));
      const statuses = new Set(replies.map(({ status }) => status));
      // 503 is neither yes nor no: a busy machine answered too late.
      if (statuses.delete(503)) return false;
      expect(statuses).toEqual(new Set([202, 402]));
      return { tenant, replies };
    }, 'sixty answers in time');
    const taken = replies.filter(({ status }) => status === 202);
    expect(taken.length).toBeLessThanOrEqual(25);
    // A replica that is asked for its last credits and too busy to answer at once gives them back a moment later.
    await waitFor(async () => {
      if (taken.length === 25) return true;
      const reply = await tenant.send();
      if (reply.status === 202) taken.push(reply);
      return false;
    }, 'the last credit to be spent');
    for (const replica of [0, 1]) expect((await tenant.send({ replica })).status).toBe(402);
    for (const { body } of taken) await tenant.accepted(body.id);
    await tenant.entries(25);
    // Until the other replica has looked again, what it reserved and what is charged may be the same message.
    await waitFor(async () => (await tenant.credits()).used === 25, 'the account to show what was sent');
  });

  it('hand over what one holds and the other needs', async () => {
    const tenant = await Tenant.with(40);
    // The first one leases a block for one message; the second one then takes all that is left, to the last.
    expect((await tenant.send({ replica: 0 })).status).toBe(202);
    let taken = 0;
    await waitFor(async () => {
      if ((await tenant.send({ replica: 1 })).status === 202) taken += 1;
      return taken === 39;
    }, 'the second one to have all the others');
    expect((await tenant.send({ replica: 1 })).status).toBe(402);
  });

  it('get back what a third one held that was killed', async () => {
    const { tenant, known } = await waitFor(async () => {
      const tenant = await Tenant.with(4);
      const third = await startQuick();
      const desk = third.app.get(CreditDesk);
      const ids = Array.from({ length: 4 }, () => newId('msg'));
      for (const id of ids) expect(await desk.reserve(tenant.id, id)).toBe(true);
      // One message was accepted, and its fact is still under way when the replica dies.
      const [known] = ids;
      player.accept({ organizationId: tenant.id, mode: 'live' }, known ?? newId('msg'));
      const { status } = await tenant.send();
      jest.spyOn(desk, 'close').mockResolvedValue();
      await third.stop();
      // On a busy machine its lease may be over before it dies.
      return status === 402 && { tenant, known };
    }, 'a third one that dies with all credits');

    await waitFor(async () => (await leasesOf(tenant)).length === 0, 'the lease to end');
    expect(await tenant.entries(1)).toEqual([expect.objectContaining({ message_id: known, balance: 3 })]);
    await tenant.accepted(known ?? '');
    let taken = 0;
    await waitFor(async () => {
      if ((await tenant.send({ replica: taken % 2 })).status === 202) taken += 1;
      return taken === 3;
    }, 'the credits of the third');
    for (const replica of [0, 1]) expect((await tenant.send({ replica })).status).toBe(402);
  });
});
