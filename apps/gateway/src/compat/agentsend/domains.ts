import {
  CreateDomainRoute,
  DeleteDomainRoute,
  GetDomainRoute,
  ListDomainsRoute,
  VerifyDomainRoute,
} from '@postern/contracts';
import { z } from 'zod';
import { inFieldsOf } from '../field-names.js';
import type { FrontRoute } from '../front.js';
import { entriesOf, offsetPage, offsetQuery } from '../offset-page.js';
import { shownDomain } from './domain.js';

const ListQuery = z.strictObject(offsetQuery);
const CreateBody = z.strictObject({ domain: z.string() });

export const domains: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/domains',
    async answer({ body }, v1) {
      const { domain: name } = CreateBody.parse(body);
      const added = await inFieldsOf([[/^name$/, 'domain']], v1.ask(CreateDomainRoute, { body: { name } }));
      return { status: 201, body: shownDomain(added) };
    },
  },
  {
    method: 'GET',
    path: '/domains',
    async answer({ query }, v1) {
      const wish = ListQuery.parse(query);
      return { status: 200, body: await offsetPage(entriesOf(v1, ListDomainsRoute), wish, shownDomain) };
    },
  },
  {
    method: 'GET',
    path: '/domains/{id}',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: shownDomain(await v1.ask(GetDomainRoute, { params: { id } })) };
    },
  },
  {
    method: 'POST',
    path: '/domains/{id}/verify',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: shownDomain(await v1.ask(VerifyDomainRoute, { params: { id } })) };
    },
  },
  {
    method: 'DELETE',
    path: '/domains/{id}',
    async answer({ params: { id = '' } }, v1) {
      await v1.ask(DeleteDomainRoute, { params: { id } });
      return { status: 204 };
    },
  },
];
