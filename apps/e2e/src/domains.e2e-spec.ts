import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import type { Client, Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const UNKNOWN = 'dom_01k9x5e8w2f7h8j9k0m1n2p3q4';
let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  tenant = await tenantOf(postern);
  admin = tenant.admin;
});

const freshName = (): string => `${unique('mail')}.example`;
const add = async (client: Client, name = freshName()): Promise<Json> =>
  expectStatus(201, await client.post('/v1/domains', { name }));
const verify = async (client: Client, domain: Json): Promise<Json> =>
  expectStatus(200, await client.post(`/v1/domains/${domain['id']}/verify`));
const refusal = ({ status, body }: Reply) => [status, body['error']?.['code']];
const recordsOf = (domain: Json): Json[] => domain['records'] as unknown as Json[];
const recordOf = (domain: Json, purpose: string): Json | undefined =>
  recordsOf(domain).find((record) => record['purpose'] === purpose);
/** Messaging hears of a proven domain a moment later. */
const inboxIn = (client: Client, domain: Json): Promise<Json> =>
  waitFor(async () => {
    const reply = await client.post('/v1/inboxes', { slug: unique('agent'), domain: domain['name'] });
    return reply.status === 201 ? reply.body : null;
  }, 'an inbox in the domain');

describe('a domain', () => {
  it('has every field, and says of each record what is there', async () => {
    const name = freshName();
    const domain = await add(admin, name.toUpperCase());
    expect(Object.keys(domain).toSorted()).toEqual(
      ['id', 'name', 'sending_status', 'receiving_status', 'records', 'created_at'].toSorted(),
    );
    expect(domain).toMatchObject({ name, sending_status: 'pending', receiving_status: 'pending' });
    expect(String(domain['id'])).toMatch(/^dom_/);
    expect(Math.abs(Date.now() - Date.parse(String(domain['created_at'])))).toBeLessThan(60_000);
    const purposes = recordsOf(domain).map((record) => [record['purpose'], record['type']].join(' '));
    expect(purposes).toEqual([
      'ownership TXT',
      'identity TXT',
      'dkim CNAME',
      'dkim CNAME',
      'dkim CNAME',
      'mail_from MX',
      'spf TXT',
      'dmarc TXT',
      'receiving MX',
    ]);
    for (const record of recordsOf(domain)) {
      expect(Object.keys(record).toSorted()).toEqual(['name', 'purpose', 'status', 'type', 'value']);
      expect(String(record['name']).endsWith(name)).toBe(true);
    }
    expect(recordOf(domain, 'receiving')).toMatchObject({ name, value: '10 inbound-smtp.us-east-1.amazonaws.com' });

    await postern.sandbox.publish([
      { type: 'TXT', name: `_dmarc.${name}`, value: 'v=DMARC1; p=reject' },
      { type: 'MX', name, value: '10 mx.elsewhere.example' },
    ]);
    const checked = await verify(admin, domain);
    expect(['ownership', 'dmarc', 'receiving'].map((purpose) => recordOf(checked, purpose)?.['status'])).toEqual([
      'missing',
      'valid',
      'invalid',
    ]);
    expect((await admin.get(`/v1/domains/${domain['id']}`)).body).toEqual(checked);
    expect(rowsOf(await admin.get('/v1/domains')).find(({ id }) => id === domain['id'])).toEqual(checked);
  });

  it('is a zone file for those who import one', async () => {
    const domain = await add(admin);
    const reply = await admin.get(`/v1/domains/${domain['id']}/zone_file`);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const lines = String(reply.body).split('\n');
    for (const { type, name, value } of recordsOf(domain)) {
      const data = String(type) === 'TXT' ? `"${String(value)}"` : `${String(value)}.`;
      expect(lines).toContain(`${String(name)}. 3600 IN ${String(type)} ${data}`);
    }
  });

  it('may not be called anything, be there twice, or be that of the instance', async () => {
    for (const body of [{}, { name: 'x' }, { name: '127.0.0.1' }, { name: 'a@b.example' }, { name: 1 }]) {
      expect(refusal(await admin.post('/v1/domains', body))).toEqual([422, 'validation_error']);
    }
    expect(refusal(await admin.post('/v1/domains', { name: freshName(), more: 1 }))).toEqual([422, 'validation_error']);
    const { name } = await add(admin);
    expect(refusal(await admin.post('/v1/domains', { name }))).toEqual([409, 'address_taken']);
    expect(refusal(await admin.post('/v1/domains', { name: postern.local.domain }))).toEqual([409, 'address_taken']);
  });

  it.each(['', '/zone_file'])('that is not there is 404: GET %s', async (path) => {
    for (const id of [UNKNOWN, 'dom_x', 'msg_1']) {
      expect(refusal(await admin.get(`/v1/domains/${id}${path}`))).toEqual([404, 'not_found']);
    }
  });

  it('needs its scope', async () => {
    const reader = await tenant.key({ scopes: ['domains:read'] });
    const { id } = await add(admin);
    expect((await reader.get(`/v1/domains/${id}`)).status).toBe(200);
    expect(refusal(await reader.post('/v1/domains', { name: freshName() }))).toEqual([403, 'forbidden']);
    expect(refusal(await reader.post(`/v1/domains/${id}/verify`))).toEqual([403, 'forbidden']);
    expect(refusal(await reader.delete(`/v1/domains/${id}`))).toEqual([403, 'forbidden']);
    const other = await tenant.key({ scopes: ['inboxes:*'] });
    expect(refusal(await other.get('/v1/domains'))).toEqual([403, 'forbidden']);
  });

  it('is listed in pages, newest first', async () => {
    const { admin: client } = await tenantOf(postern);
    const made = [await add(client), await add(client), await add(client)].map(({ id }) => String(id)).toReversed();
    const first = await client.get('/v1/domains?limit=2');
    expect([rowsOf(first).map(({ id }) => String(id)), first.body['has_more']]).toEqual([made.slice(0, 2), true]);
    const second = await client.get(`/v1/domains?limit=2&cursor=${first.body['next_cursor']}`);
    expect([rowsOf(second).map(({ id }) => String(id)), second.body['has_more']]).toEqual([made.slice(2), false]);
  });
});

describe('a domain from its first record to its last mail', () => {
  it('is proven, sends, receives, and goes when its inboxes are gone', async () => {
    const domain = await add(admin);
    const { id, name } = domain;
    const early = await admin.post('/v1/inboxes', { slug: unique('early'), domain: name });
    expect([refusal(early), early.body['error']['details']['issues'][0]?.['path']]).toEqual([
      [422, 'validation_error'],
      'domain',
    ]);

    await postern.sandbox.publish([recordOf(domain, 'ownership') ?? {}]);
    expect(await verify(admin, domain)).toMatchObject({ sending_status: 'pending', receiving_status: 'pending' });
    const inbox = await inboxIn(admin, domain);
    expect(inbox).toMatchObject({ domain: name, address: `${String(inbox['slug'])}@${String(name)}` });
    const mail = { to: 'success@simulator.amazonses.com', subject: 'Hello', text: 'Hi' };
    expect(refusal(await admin.post(`/v1/inboxes/${inbox['id']}/messages`, mail))).toEqual([409, 'invalid_state']);

    await postern.sandbox.publish(recordsOf(domain));
    expect(await verify(admin, domain)).toMatchObject({ sending_status: 'verified', receiving_status: 'verified' });
    const sent = await waitFor(async () => {
      const reply = await admin.post(`/v1/inboxes/${inbox['id']}/messages`, mail);
      return reply.status === 202 ? reply.body : null;
    }, 'the domain to send');
    await postern.settled(sent, ['delivered'], admin);
    const event = await waitFor(
      async () =>
        rowsOf(await admin.get('/v1/events?types=domain.verified&limit=1000')).find(({ data }) => data['id'] === id),
      'the event',
    );
    expect(event).toMatchObject({ type: 'domain.verified', data: { name, sending_status: 'verified' } });

    expect(refusal(await admin.delete(`/v1/domains/${id}`))).toEqual([409, 'invalid_state']);
    expect((await admin.delete(`/v1/inboxes/${inbox['id']}`)).status).toBe(204);
    await waitFor(async () => (await admin.delete(`/v1/domains/${id}`)).status === 204, 'the domain to go');
    expect(refusal(await admin.get(`/v1/domains/${id}`))).toEqual([404, 'not_found']);
    expect(refusal(await admin.delete(`/v1/domains/${id}`))).toEqual([404, 'not_found']);
    const again = await admin.post('/v1/inboxes', { slug: unique('late'), domain: name });
    expect(refusal(again)).toEqual([422, 'validation_error']);
    expect(await add(admin, String(name))).toMatchObject({ sending_status: 'pending' });
  });

  it('is nobody else’s: claims do not hinder its owner, and win nothing', async () => {
    const { admin: squatter } = await tenantOf(postern);
    const name = freshName();
    const claimed = await add(squatter, name);
    const owned = await add(admin, name);
    await postern.sandbox.publish(recordsOf(owned));
    expect(await verify(admin, owned)).toMatchObject({ sending_status: 'verified' });
    const lost = await verify(squatter, claimed);
    expect([lost['sending_status'], recordOf(lost, 'ownership')?.['status']]).toEqual(['pending', 'invalid']);
    const attempt = await squatter.post('/v1/inboxes', { slug: unique('thief'), domain: name });
    expect(refusal(attempt)).toEqual([422, 'validation_error']);
    const { admin: third } = await tenantOf(postern);
    expect(refusal(await third.post('/v1/domains', { name }))).toEqual([409, 'address_taken']);
  });

  it('of test mode is proven the same way, and sends without Amazon SES', async () => {
    const tester = await tenant.key({ mode: 'test' });
    const domain = await add(tester);
    expect(recordsOf(domain).map(({ purpose }) => String(purpose))).toEqual(['ownership', 'dmarc', 'receiving']);
    await postern.sandbox.publish([recordOf(domain, 'ownership') ?? {}]);
    expect(await verify(tester, domain)).toMatchObject({ sending_status: 'verified', receiving_status: 'pending' });
    const message = await postern.send(await inboxIn(tester, domain), {}, tester);
    await postern.settled(message, ['delivered'], tester);
  });
});
