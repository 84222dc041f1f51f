import { expect } from '@jest/globals';
import { expectStatus } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { errorOf, here, idsOf } from './setting.js';

const add = async (): Promise<Json> =>
  expectStatus(201, await here().sentvia.post('/domains', { hostname: `${unique('mail')}.example` }));

export const domainRows: readonly ConformanceRow[] = [
  {
    call: 'POST /domains',
    what: '{hostname}: 201 {id, hostname, kind, status, records: [{name, content, purpose, priority}]} with DKIM, SPF, DMARC and MAIL FROM',
    verdict: 'works',
    check: async () => {
      const made = await add();
      expect(made).toMatchObject({ hostname: expect.stringMatching(/\.example$/), kind: 'byo', status: 'pending' });
      const purposes = [...(made['records'] ?? [])].map(({ purpose }) => String(purpose));
      expect(purposes).toEqual(expect.arrayContaining(['dkim', 'spf', 'dmarc', 'mail_from']));
      const mailFrom = [...(made['records'] ?? [])].find(({ purpose }) => String(purpose) === 'mail_from');
      expect(mailFrom).toMatchObject({ type: 'MX', priority: 10, content: expect.stringMatching(/^feedback-smtp\./) });
      expect(made).toMatchObject({ mail_from_domain: mailFrom?.['name'], mail_from_status: 'pending' });
    },
  },
  {
    call: 'POST /domains … verified_at',
    what: 'since when it is verified',
    verdict: 'differs',
    because:
      'null: not kept; status says whether it is, receiving_status and the status of each record say what is missing',
    check: async () => {
      expect(await add()).toMatchObject({ verified_at: null, receiving_status: 'pending' });
    },
  },
  {
    call: 'GET /domains, GET /domains/{id}',
    what: 'the same objects',
    verdict: 'works',
    check: async () => {
      const { sentvia, stranger } = here();
      const { id } = await add();
      const { body: list } = await sentvia.get('/domains');
      expect(idsOf(list)[0]).toBe(String(id));
      expect((await sentvia.get(`/domains/${id}`)).body).toMatchObject({ id, kind: 'byo' });
      expect(errorOf(await stranger.sentvia.get(`/domains/${id}`))).toEqual([404, 'not_found']);
    },
  },
  {
    call: 'POST /domains/subdomain',
    what: 'a dedicated subdomain of the vendor',
    verdict: 'not offered',
    because: 'the instance lends no names: add one of your own',
    check: async () => {
      expect(errorOf(await here().sentvia.post('/domains/subdomain', { label: 'acme' }))).toEqual([501, 'not_offered']);
    },
  },
];
