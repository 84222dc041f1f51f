import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { expectRefusal, expectWrong, once, TIME } from './rows.js';
import { toldOf, type World } from './world.js';

const MX = { type: 'MX', priority: 10, value: expect.stringMatching(/^inbound-smtp\./) };

export function domainRows(world: () => Promise<World>): ConformanceRow[] {
  /** A domain that was added, then proven and ready but for DKIM, then ready. */
  const steps = once(async () => {
    const { api, postern } = await world();
    const name = `${unique('mail')}.example`;
    const added = expectStatus(201, await api.post('/domains', { domain: name }));
    const { body } = await api.v1.get(`/v1/domains/${added['id']}`);
    const records = [...body['records']];
    const verify = async (published: Json[]) => {
      await postern.sandbox.publish(published);
      return expectStatus(200, await api.post(`/domains/${added['id']}/verify`));
    };
    const needsDkim = await verify(records.filter((record) => String(record['purpose']) !== 'dkim'));
    return { api, name, added, needsDkim, verified: await verify(records) };
  });

  return [
    works('POST /domains', '201 with the records to publish, for sending and receiving apart', async () => {
      const { name, added } = await steps();
      expect(added).toMatchObject({
        id: expect.stringMatching(/^dom_/),
        domain: name,
        sendingStatus: 'pending',
        receivingStatus: 'pending',
        verificationStatus: 'pending',
        receivingDnsRecords: [{ ...MX, name }],
        createdAt: TIME,
      });
      const sending = [...added['sendingDnsRecords']];
      expect(sending.filter(({ type }) => String(type) === 'CNAME')).toHaveLength(3);
      expect(added['dnsRecords']).toEqual([...sending, ...added['receivingDnsRecords']]);
      for (const record of sending)
        expect(record).toMatchObject({ name: expect.stringContaining(name), value: expect.any(String) });
    }),
    works('POST /domains {domain}', 'a domain name, once', async () => {
      const { api, name } = await steps();
      expectWrong(await api.post('/domains', { domain: 'no domain' }), 'domain');
      expectWrong(await api.post('/domains', {}), 'domain');
      expectRefusal(await api.post('/domains', { domain: name }), 409, 'ADDRESS_TAKEN');
    }),
    works(
      'POST /domains/{id}/verify',
      'sendingStatus pending_dkim, then verified; verificationStatus the same',
      async () => {
        const { needsDkim, verified } = await steps();
        expect([needsDkim['sendingStatus'], needsDkim['verificationStatus']]).toEqual(['pending_dkim', 'pending_dkim']);
        expect([verified['sendingStatus'], verified['verificationStatus']]).toEqual(['verified', 'verified']);
      },
    ),
    works('POST /domains/{id}/verify', 'receivingStatus by itself', async () => {
      const { needsDkim } = await steps();
      expect(needsDkim['receivingStatus']).toBe('verified');
    }),
    works('GET /domains, GET /domains/{id}', 'those there are, and one', async () => {
      const { api, verified } = await steps();
      expect((await api.get(`/domains/${verified['id']}`)).body).toEqual(verified);
      expect(await api.list('/domains')).toContainEqual(verified);
    }),
    differs(
      'GET /domains/{id}',
      'sendingVerifiedAt, receivingVerifiedAt',
      'Always null: when it was verified is told by the event domain.verified.',
      async () => {
        const { verified } = await steps();
        expect([verified['sendingVerifiedAt'], verified['receivingVerifiedAt']]).toEqual([null, null]);
      },
    ),
    works('the event domain.verified', 'is told by webhook', async () => {
      const { verified } = await steps();
      await toldOf(await world(), 'domain.verified', verified['id']);
    }),
    works('POST /inboxes {domainId}', 'an inbox in a verified domain', async () => {
      const { api, verified, name } = await steps();
      const address = unique('agent');
      // Who makes inboxes hears of a proven domain a moment later.
      const inbox = await waitFor(async () => {
        const { status, body } = await api.post('/inboxes', { address, domainId: verified['id'] });
        return status === 201 ? body : null;
      }, 'an inbox in the domain');
      expect(inbox).toMatchObject({ address: `${address}@${name}`, domainId: verified['id'] });
      expect((await api.get(`/inboxes/${inbox['id']}`)).body).toEqual(inbox);
      expect(await api.list('/inboxes?limit=100')).toContainEqual(inbox);
      expectWrong(
        await api.post('/inboxes', { address: `${address}@elsewhere.example`, domainId: verified['id'] }),
        'address',
      );
    }),
    differs(
      'GET /inboxes/{id}, domainId',
      'the domain of the inbox',
      'Null for keys without the scope domains:read, and for the domain of the instance.',
      async () => {
        const { postern } = await world();
        const { api, verified } = await steps();
        const inbox = await waitFor(async () => {
          const { status, body } = await api.post('/inboxes', { domainId: verified['id'] });
          return status === 201 ? body : null;
        }, 'an inbox in the domain');
        const narrow = await api.narrower({ scopes: ['inboxes:read'] });
        const { status, body } = await narrow.get(`/inboxes/${inbox['id']}`);
        expect([status, body['domainId']]).toEqual([200, null]);
        expect((await api.inbox({ address: `${unique('own')}@${postern.local.domain}` }))['domainId']).toBeNull();
      },
    ),
    works('DELETE /domains/{id}', '204, and then 404; not while an inbox uses it', async () => {
      const { api, stranger } = await world();
      const added = expectStatus(201, await api.post('/domains', { domain: `${unique('mail')}.example` }));
      expectRefusal(await stranger.call('DELETE', `/domains/${added['id']}`), 404, 'NOT_FOUND');
      expect((await api.call('DELETE', `/domains/${added['id']}`)).status).toBe(204);
      expectRefusal(await api.get(`/domains/${added['id']}`), 404, 'NOT_FOUND');
      expectRefusal(await api.post('/inboxes', { domainId: added['id'] }), 404, 'NOT_FOUND');
    }),
  ];
}
