import { z } from 'zod';
import { DomainId } from '../../ids.js';
import { CreateDomainBody, Domain, ListDomainsQuery } from '../domain.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'Domains';
/** The organization's, not one of its inboxes'. */
const wholeOrganization = true;
const one = { params: z.strictObject({ id: DomainId }), subject: 'domain' } as const;

export const CreateDomainRoute = defineRoute({
  id: 'create_domain',
  method: 'POST',
  path: '/v1/domains',
  tag,
  wholeOrganization,
  scope: 'domains:write',
  summary: 'Add a domain',
  description:
    'Anybody may claim a name; it belongs to the first organization whose ownership record is published. 409 when you have it already, or it is another one’s.',
  body: CreateDomainBody,
  status: 201,
  response: Domain,
  errors: ['address_taken'],
  example: { name: 'example.com' },
});

export const ListDomainsRoute = defineRoute({
  id: 'list_domains',
  method: 'GET',
  path: '/v1/domains',
  tag,
  wholeOrganization,
  scope: 'domains:read',
  summary: 'List domains, newest first',
  query: ListDomainsQuery,
  status: 200,
  response: pageOf(Domain),
});

export const GetDomainRoute = defineRoute({
  id: 'get_domain',
  method: 'GET',
  path: '/v1/domains/{id}',
  tag,
  wholeOrganization,
  scope: 'domains:read',
  summary: 'Get a domain with its DNS records',
  ...one,
  status: 200,
  response: Domain,
});

export const VerifyDomainRoute = defineRoute({
  id: 'verify_domain',
  method: 'POST',
  path: '/v1/domains/{id}/verify',
  tag,
  wholeOrganization,
  scope: 'domains:write',
  summary: 'Check the DNS records of a domain now',
  description: 'They are checked by themselves, too, for 72 hours; after that a call of this begins anew.',
  ...one,
  status: 200,
  response: Domain,
});

export const GetDomainZoneFileRoute = defineRoute({
  id: 'get_domain_zone_file',
  method: 'GET',
  path: '/v1/domains/{id}/zone_file',
  tag,
  wholeOrganization,
  scope: 'domains:read',
  summary: 'Get the DNS records of a domain as a zone file',
  description: 'For import at a DNS provider (RFC 1035, section 5).',
  ...one,
  status: 200,
  produces: 'text/plain; charset=utf-8',
  response: z.instanceof(Uint8Array),
});

export const DeleteDomainRoute = defineRoute({
  id: 'delete_domain',
  method: 'DELETE',
  path: '/v1/domains/{id}',
  tag,
  wholeOrganization,
  scope: 'domains:write',
  summary: 'Delete a domain that no inbox uses',
  ...one,
  status: 204,
  errors: ['invalid_state'],
});
