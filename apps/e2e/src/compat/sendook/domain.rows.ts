import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { idsOf, refused, type World } from './world.js';

export const domainRows = (world: () => World): ConformanceRow[] => {
  const add = async (): Promise<Json> =>
    (await world().client.post('/v1/domains', { name: `${unique('agents')}.example` })).body;
  return [
    {
      call: 'POST /v1/domains {name}',
      what: '201 with `{id, organizationId, name, status: "pending_verification", verified, records[], createdAt}`',
      verdict: 'works',
      check: async () => {
        const { client, tenant } = world();
        const name = `${unique('agents')}.example`;
        expect(await client.post('/v1/domains', { name })).toMatchObject({
          status: 201,
          body: {
            id: expect.stringMatching(/^dom_/),
            organizationId: tenant.organization['id'],
            name,
            status: 'pending_verification',
            verified: false,
            createdAt: expect.any(String),
          },
        });
      },
    },
    {
      call: 'Domain.updatedAt',
      what: 'a time',
      verdict: 'not offered',
      because: 'it is left out: what changes is the state of the records, which each look at them tells',
      check: async () => expect(await add()).not.toHaveProperty('updatedAt'),
    },
    {
      call: 'POST /v1/domains … a wrong name',
      what: '400 `Invalid domain name format`',
      verdict: 'works',
      check: async () => {
        for (const name of ['example', 'https://example.com', ''])
          expect(refused(await world().client.post('/v1/domains', { name }))).toEqual([
            400,
            'Invalid domain name format',
          ]);
        expect((await world().client.post('/v1/domains', {})).status).toBe(400);
      },
    },
    {
      call: 'GET /v1/domains',
      what: 'all domains of the organization, and of no other',
      verdict: 'works',
      check: async () => {
        const { client, stranger } = world();
        const { id } = await add();
        expect(idsOf((await client.get('/v1/domains')).body)).toContain(id);
        expect(idsOf((await stranger.get('/v1/domains')).body)).not.toContain(id);
      },
    },
    {
      call: 'GET /v1/domains/{domainId}',
      what: 'by id (its documents) or by name (its code); 404 `Domain not found`',
      verdict: 'works',
      check: async () => {
        const { client, stranger } = world();
        const { id, name } = await add();
        for (const reference of [id, name])
          expect((await client.get(`/v1/domains/${reference}`)).body).toMatchObject({ id, name });
        const absent = [
          await client.get('/v1/domains/dom_none'),
          await client.get('/v1/domains/none.example'),
          await stranger.get(`/v1/domains/${name}`),
        ];
        for (const reply of absent) expect(refused(reply)).toEqual([404, 'Domain not found']);
      },
    },
    {
      call: 'GET /v1/domains/{domainId}/dns',
      what: '`[{type, name, value}]`: MX, SPF, DMARC and three DKIM records',
      verdict: 'works',
      check: async () => {
        const { client } = world();
        const { name } = await add();
        const records = [...(await client.get(`/v1/domains/${name}/dns`)).body];
        expect(records.filter(({ type }) => String(type) === 'CNAME')).toHaveLength(3);
        for (const [type, value] of [
          ['MX', /^inbound-smtp\./],
          ['TXT', /^v=spf1 include:amazonses.com/],
          ['TXT', /^v=DMARC1;/],
        ] as const)
          expect(records).toContainEqual(expect.objectContaining({ type, value: expect.stringMatching(value) }));
      },
    },
    {
      call: 'GET /v1/domains/{domainId}/dns … names',
      what: '`@` and `_dmarc`, below the domain',
      verdict: 'differs',
      because: 'whole names, since its own DKIM records have these; and a record that proves whose the domain is',
      check: async () => {
        const { name } = await add();
        const records = [...(await world().client.get(`/v1/domains/${name}/dns`)).body];
        for (const record of records) expect(String(record['name']).endsWith(String(name))).toBe(true);
      },
    },
    {
      call: 'POST /v1/domains/{domainId}/verify',
      what: 'looks at the records now: `verified`, and `pending` or `verified` for each',
      verdict: 'works',
      check: async () => {
        const { client, postern, tenant } = world();
        const { id, name } = await add();
        const verify = async (): Promise<Json> => (await client.post(`/v1/domains/${name}/verify`, {})).body;
        expect([...(await verify())['records']].map(({ status }) => String(status))).toContain('pending');
        await waitFor(async () => {
          await postern.sandbox.publish([...(await tenant.admin.get(`/v1/domains/${id}`)).body['records']]);
          return (await verify())['verified'];
        }, 'the domain to be verified');
        const { records, status } = await verify();
        expect(status).toBe('verified');
        expect(
          [...(records as Json)].filter((record) => String(record['status']) === 'verified').length,
        ).toBeGreaterThan(3);
      },
    },
    {
      call: 'DELETE /v1/domains/{domainId}',
      what: '200 with the domain, which is gone then',
      verdict: 'works',
      check: async () => {
        const { client } = world();
        const { id, name } = await add();
        expect(await client.delete(`/v1/domains/${name}`)).toMatchObject({ status: 200, body: { id, name } });
        expect(refused(await client.delete(`/v1/domains/${id}`))).toEqual([404, 'Domain not found']);
      },
    },
  ];
};
