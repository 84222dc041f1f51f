import {
  CreateDomainRoute,
  DeleteDomainRoute,
  type Domain,
  GetDomainRoute,
  ListDomainsRoute,
  type RecordStatus,
  VerifyDomainRoute,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { found, notFound } from './found.js';
import { wholeList } from './whole-list.js';

type DomainJson = z.input<typeof Domain>;

const CreateBody = z.strictObject({ name: z.string().trim() });
const NAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i;

const RECORD_STATUS: Readonly<Record<z.infer<typeof RecordStatus>, string>> = {
  missing: 'pending',
  invalid: 'failed',
  valid: 'verified',
};
const STATUS: Readonly<Record<DomainJson['sending_status'], string>> = {
  pending: 'pending_verification',
  verified: 'verified',
  failed: 'failed',
};

/** What is to be published; of an MX record, preference and host apart. */
function shownRecord({ type, name, value }: DomainJson['records'][number]) {
  const [preference = '', host] = value.split(' ');
  return type === 'MX' && host !== undefined
    ? { type, name, value: host, priority: Number(preference) }
    : { type, name, value };
}

const shownIn = (organizationId: string) => (domain: DomainJson) => ({
  id: domain.id,
  organizationId,
  name: domain.name,
  status: STATUS[domain.sending_status],
  verified: domain.sending_status === 'verified',
  records: domain.records.map((record) => ({ ...shownRecord(record), status: RECORD_STATUS[record.status] })),
  createdAt: domain.created_at,
});

/** Its documents name a domain by its id, its code by its name: both find it. */
async function domainOf(v1: V1, reference: string): Promise<DomainJson> {
  if (!reference.includes('.')) return found('Domain', v1.ask(GetDomainRoute, { params: { id: reference } }));
  const { entries } = await everyEntry(v1, ListDomainsRoute);
  const domain = entries.find(({ name }) => name === reference.toLowerCase());
  if (domain === undefined) throw notFound('Domain');
  return domain;
}

export const domains: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/domains',
    async answer({ body, organizationId }, v1) {
      const { name } = CreateBody.parse(body);
      if (!NAME.test(name)) throw new Problem(400, 'invalid_domain', 'Invalid domain name format');
      const made = await v1.ask(CreateDomainRoute, { body: { name } });
      return { status: 201, body: shownIn(organizationId)(made) };
    },
  },
  {
    method: 'GET',
    path: '/domains',
    async answer({ organizationId }, v1) {
      return wholeList(await everyEntry(v1, ListDomainsRoute), shownIn(organizationId));
    },
  },
  {
    method: 'GET',
    path: '/domains/{domainId}',
    async answer({ params: { domainId = '' }, organizationId }, v1) {
      return { status: 200, body: shownIn(organizationId)(await domainOf(v1, domainId)) };
    },
  },
  {
    method: 'GET',
    path: '/domains/{domainId}/dns',
    async answer({ params: { domainId = '' } }, v1) {
      return { status: 200, body: (await domainOf(v1, domainId)).records.map(shownRecord) };
    },
  },
  {
    method: 'POST',
    path: '/domains/{domainId}/verify',
    async answer({ params: { domainId = '' }, organizationId }, v1) {
      const { id } = await domainOf(v1, domainId);
      const looked = await found('Domain', v1.ask(VerifyDomainRoute, { params: { id } }));
      return { status: 200, body: shownIn(organizationId)(looked) };
    },
  },
  {
    method: 'DELETE',
    path: '/domains/{domainId}',
    async answer({ params: { domainId = '' }, organizationId }, v1) {
      const domain = await domainOf(v1, domainId);
      await found('Domain', v1.ask(DeleteDomainRoute, { params: { id: domain.id } }));
      return { status: 200, body: shownIn(organizationId)(domain) };
    },
  },
];
