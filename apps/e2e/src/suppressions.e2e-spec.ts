import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf } from './contract/belongings.js';
import type { Client, Json } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();

const simulator = (role: string): string => `${role}+${unique('s')}@simulator.amazonses.com`;
const listed = async (client: Client, address: string): Promise<Json[]> =>
  rowsOf(await client.get(`/v1/suppressions?address=${encodeURIComponent(address)}`));
const becomesListed = (client: Client, address: string): Promise<Json> =>
  waitFor(async () => (await listed(client, address))[0], `${address} to be suppressed`);
const sendTo = (client: Client, inbox: Json, to: string) =>
  client.post(`/v1/inboxes/${inbox['id']}/messages`, { to, subject: 'Hello', text: 'Hello' });
const isRefused = (client: Client, inbox: Json, to: string, reason: string): Promise<true> =>
  waitFor(async () => {
    const { status, body } = await sendTo(client, inbox, to);
    if (status === 202) return false;
    expect([status, body['error']?.['code']]).toEqual([422, 'recipients_blocked']);
    expect(body['error']?.['details']).toEqual({ recipients: [{ address: to, reason }] });
    return true;
  }, 'the early refusal');
const isTaken = (client: Client, inbox: Json, to: string): Promise<Json> =>
  waitFor(async () => {
    const { status, body } = await sendTo(client, inbox, to);
    return status === 202 && body;
  }, 'the address to be free again');
const events = async (client: Client, type: string, address: string): Promise<Json[]> =>
  rowsOf(await client.get(`/v1/events?types=${type}&limit=1000`)).filter(
    ({ data }) => String(data?.['address']) === address,
  );

describe('a suppression by hand', () => {
  it('is kept in one form, made once, found in any case, obeyed, and taken off', async () => {
    const { admin } = await tenantOf(postern);
    const inbox = await postern.inbox(admin);
    const address = `Ann.${unique('s')}@Example.COM`;
    const made = expectStatus(201, await admin.post('/v1/suppressions', { address: `Ann <${address}>` }));
    expect(made).toEqual({
      id: expect.stringMatching(/^sup_/),
      address: address.toLowerCase(),
      reason: 'manual',
      source_message_id: null,
      created_at: expect.stringMatching(/Z$/),
    });
    expect(expectStatus(201, await admin.post('/v1/suppressions', { address }))).toEqual(made);
    expect(await listed(admin, address.toUpperCase())).toEqual([made]);
    await isRefused(admin, inbox, address, 'suppressed_manual');
    // Another organization, and test mode, know nothing of it.
    for (const stranger of [(await tenantOf(postern)).admin, postern.tester]) {
      expect(await listed(stranger, address)).toEqual([]);
      expect((await stranger.delete(`/v1/suppressions/${made['id']}`)).status).toBe(404);
    }
    expect((await admin.delete(`/v1/suppressions/${made['id']}`)).status).toBe(204);
    expect((await admin.delete(`/v1/suppressions/${made['id']}`)).status).toBe(404);
    expect(await listed(admin, address)).toEqual([]);
    await isTaken(admin, inbox, address);
    await waitFor(
      async () => (await events(admin, 'suppression.removed', address.toLowerCase())).length > 0,
      'the events',
    );
    for (const type of ['suppression.added', 'suppression.removed']) {
      expect(await events(admin, type, address.toLowerCase())).toMatchObject([{ data: made }]);
    }
  });

  it.each([
    ['nothing', {}],
    ['no address', { address: 'nobody' }],
    ['two', { address: ['a@example.com', 'b@example.com'] }],
    ['null', { address: null }],
    ['something unknown', { address: 'a@example.com', reason: 'bounce' }],
  ])('of %s is refused', async (_, body) => {
    const reply = await postern.agent.post('/v1/suppressions', body);
    expect([reply.status, reply.body['error']?.['code']]).toEqual([422, 'validation_error']);
  });

  it('is listed newest first, a page at a time', async () => {
    const { admin } = await tenantOf(postern);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.unshift(
        String(expectStatus(201, await admin.post('/v1/suppressions', { address: `p${n}@example.com` }))['id']),
      );
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await admin.get(`/v1/suppressions?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...(body['data'] as unknown as Json[]).map(({ id }) => String(id)));
      expect(body['has_more']).toBe(body['next_cursor'] !== (null as unknown));
      cursor = body['next_cursor'] as unknown as string | null;
    }
    expect(seen).toEqual(ids);
  });
});

describe('feedback', () => {
  it.each([
    ['bounce', 'bounce', 'live'],
    ['suppressionlist', 'bounce', 'live'],
    ['complaint', 'complaint', 'live'],
    ['bounce', 'bounce', 'test'],
    ['complaint', 'complaint', 'test'],
  ])('of %s@ suppresses as a %s in %s mode, again after it was taken off', async (role, reason, mode) => {
    const { admin, key } = await tenantOf(postern);
    const client = mode === 'live' ? admin : await key({ mode });
    const inbox = await postern.inbox(client);
    const to = simulator(role);
    const first = await postern.send(inbox, { to }, client);
    const suppression = await becomesListed(client, to);
    expect(suppression).toMatchObject({ address: to, reason, source_message_id: first['id'] });
    await isRefused(client, inbox, to, `suppressed_${reason}`);
    if (mode === 'test') expect(await listed(admin, to)).toEqual([]);
    expect((await client.delete(`/v1/suppressions/${suppression['id']}`)).status).toBe(204);
    await isTaken(client, inbox, to);
    const second = await becomesListed(client, to);
    expect(second['id']).not.toBe(suppression['id']);
    await waitFor(async () => (await events(client, 'suppression.added', to)).length >= 2, 'both events');
    expect((await events(client, 'suppression.added', to)).map(({ data }) => data?.['id'])).toEqual([
      suppression['id'],
      second['id'],
    ]);
  });

  it('that is not final suppresses nobody', async () => {
    const { admin } = await tenantOf(postern);
    const inbox = await postern.inbox(admin);
    for (const role of ['success', 'ooto']) {
      const to = simulator(role);
      await postern.settled(await postern.send(inbox, { to }, admin), ['delivered'], admin);
      expect(await listed(admin, to)).toEqual([]);
      await isTaken(admin, inbox, to);
    }
  });
});
