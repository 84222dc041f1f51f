import { z } from 'zod';
import { OrganizationId } from '../../ids.js';
import {
  CreatedOrganization,
  CreateOrganizationBody,
  ListOrganizationsQuery,
  Organization,
  UpdateOrganizationBody,
} from '../organization.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'Organizations';
const scope = 'root';
const one = { params: z.strictObject({ id: OrganizationId }), subject: 'organization' } as const;

export const CreateOrganizationRoute = defineRoute({
  id: 'create_organization',
  method: 'POST',
  path: '/v1/organizations',
  tag,
  scope,
  summary: 'Create an organization and its first key',
  description: 'The key may do everything (`*`). Its secret is in this reply only.',
  body: CreateOrganizationBody,
  status: 201,
  response: CreatedOrganization,
  example: { name: 'Acme', limits: { requests_per_minute: 600 } },
});

export const ListOrganizationsRoute = defineRoute({
  id: 'list_organizations',
  method: 'GET',
  path: '/v1/organizations',
  tag,
  scope,
  summary: 'List organizations, newest first',
  query: ListOrganizationsQuery,
  status: 200,
  response: pageOf(Organization),
});

export const GetOrganizationRoute = defineRoute({
  id: 'get_organization',
  method: 'GET',
  path: '/v1/organizations/{id}',
  tag,
  scope,
  summary: 'Get an organization',
  ...one,
  status: 200,
  response: Organization,
});

export const UpdateOrganizationRoute = defineRoute({
  id: 'update_organization',
  method: 'PATCH',
  path: '/v1/organizations/{id}',
  tag,
  scope,
  summary: 'Change name, limits or the rule for sends in doubt',
  ...one,
  body: UpdateOrganizationBody,
  status: 200,
  response: Organization,
  example: { limits: { sends_per_day: null }, in_doubt: 'fail' },
});
