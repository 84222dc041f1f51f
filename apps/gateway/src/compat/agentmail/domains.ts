import {
  CreateDomainRoute,
  DeleteDomainRoute,
  type Domain,
  GetDomainRoute,
  GetDomainZoneFileRoute,
  ListDomainsRoute,
  VerifyDomainRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { listReply, ListQuery, mapPage, pageOfQuery } from './paging.js';
import { absent } from './refusal.js';
import { DONE, ok, onlyOff } from './words.js';

type DomainJson = z.input<typeof Domain>;

/** What it has no switch for is off. */
const SWITCHES = { feedback_enabled: false, subdomains_enabled: false, tracking_enabled: false };

const CreateBody = z.strictObject({
  domain: z.string(),
  feedback_enabled: onlyOff('webhooks and events tell of bounces and complaints'),
  subdomains_enabled: onlyOff('add each subdomain as a domain of its own'),
  tracking_enabled: onlyOff('no pixel is put into mail'),
  // Nothing looks at who else receives for it: there is nothing to switch off.
  allow_conflicting_provider: z.boolean().optional(),
});

/** Both ways must work before it counts as verified there; a record with other content says more than a missing one. */
export function statusOf({ sending_status: sending, receiving_status: receiving, records }: DomainJson): string {
  if (sending === 'verified' && receiving === 'verified') return 'VERIFIED';
  if (sending === 'failed' || receiving === 'failed') return 'FAILED';
  return records.some(({ status }) => status === 'invalid') ? 'INVALID' : 'PENDING';
}

/** `10 mail.example.com` of an MX record, in its two parts. */
function shownRecord({ type, name, value, status }: DomainJson['records'][number]): object {
  const [priority, host] = type === 'MX' ? value.split(' ') : [];
  const own = { type, name, value, status: status.toUpperCase() };
  return host === undefined ? own : { ...own, value: host, priority: Number(priority) };
}

const item = ({ id, name, created_at: createdAt }: DomainJson, { organizationId }: FrontRequest) => ({
  pod_id: organizationId,
  domain_id: id,
  domain: name,
  ...SWITCHES,
  // Its settings never change.
  updated_at: createdAt,
  created_at: createdAt,
});
const shown = (domain: DomainJson, request: FrontRequest) => ({
  ...item(domain, request),
  status: statusOf(domain),
  records: domain.records.map(shownRecord),
});

/** A domain by our id, or by its name. @throws Problem `not_found` */
async function findDomain(v1: V1, { params }: FrontRequest): Promise<DomainJson> {
  const wanted = params['domain_id'] ?? '';
  if (!wanted.includes('.')) return v1.ask(GetDomainRoute, { params: { id: wanted } });
  const keep = ({ name }: DomainJson) => name === wanted.toLowerCase();
  const { entries } = await keptPage(v1, ListDomainsRoute, {}, { limit: 1, keep });
  if (entries[0] === undefined) throw absent();
  return entries[0];
}

export const domainRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/domains',
    async answer(request, v1) {
      const query = ListQuery.parse(request.query);
      const page = await keptPage(v1, ListDomainsRoute, {}, pageOfQuery(query));
      return listReply('domains', query, await mapPage(page, (domain) => item(domain, request)));
    },
  },
  {
    method: 'POST',
    path: '/domains',
    async answer(request, v1) {
      const { domain: name } = CreateBody.parse(request.body);
      return ok(shown(await v1.ask(CreateDomainRoute, { body: { name } }), request));
    },
  },
  {
    method: 'GET',
    path: '/domains/{domain_id}',
    answer: async (request, v1) => ok(shown(await findDomain(v1, request), request)),
  },
  {
    method: 'GET',
    path: '/domains/{domain_id}/zone-file',
    async answer(request, v1) {
      const { id } = await findDomain(v1, request);
      const body = await v1.octets(GetDomainZoneFileRoute, { params: { id } });
      return { status: 200, body, headers: { 'content-type': 'text/plain; charset=utf-8' } };
    },
  },
  {
    method: 'GET',
    path: '/domains/{domain_id}/setup-link',
    // Documented for domains whose provider does not take part.
    async answer(request, v1) {
      await findDomain(v1, request);
      return ok({ supported: false });
    },
  },
  {
    method: 'POST',
    path: '/domains/{domain_id}/verify',
    async answer(request, v1) {
      const { id } = await findDomain(v1, request);
      await v1.ask(VerifyDomainRoute, { params: { id } });
      return DONE;
    },
  },
  {
    method: 'DELETE',
    path: '/domains/{domain_id}',
    async answer(request, v1) {
      const { id } = await findDomain(v1, request);
      await v1.ask(DeleteDomainRoute, { params: { id } });
      return DONE;
    },
  },
];
