import { CreateDomainRoute, GetDomainRoute, ListDomainsRoute } from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { domainOf } from './domain.js';
import { notOffered } from './refusal.js';

const AddDomain = z.strictObject({ hostname: z.string() });

export const domainRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/domains',
    async answer({ body }, v1) {
      const { hostname: name } = AddDomain.parse(body ?? {});
      return { status: 201, body: domainOf(await v1.ask(CreateDomainRoute, { body: { name } })) };
    },
  },
  {
    method: 'POST',
    path: '/domains/subdomain',
    async answer() {
      throw notOffered('Add a domain of your own with POST /domains: the instance lends none of its own.');
    },
  },
  {
    method: 'GET',
    path: '/domains',
    async answer(_request, v1) {
      const { entries } = await everyEntry(v1, ListDomainsRoute);
      return { status: 200, body: entries.map(domainOf) };
    },
  },
  {
    method: 'GET',
    path: '/domains/{id}',
    async answer({ params }, v1) {
      return { status: 200, body: domainOf(await v1.ask(GetDomainRoute, { params: { id: params['id'] ?? '' } })) };
    },
  },
];
