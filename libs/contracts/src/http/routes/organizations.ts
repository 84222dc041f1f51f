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
import { OrganizationReputation, ReputationQuery, ResumeOrganizationBody } from '../reputation.js';
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

export const GetOrganizationReputationRoute = defineRoute({
  id: 'get_organization_reputation',
  method: 'GET',
  path: '/v1/organizations/{id}/reputation',
  tag,
  scope,
  summary: 'What bounced and led to complaints within the window',
  description:
    'Of the organization, of each domain that it sends from, and of the inboxes that were warned or paused. First what is paused, then what is warned.',
  ...one,
  query: ReputationQuery,
  status: 200,
  response: OrganizationReputation,
});

export const ResumeOrganizationRoute = defineRoute({
  id: 'resume_organization',
  method: 'POST',
  path: '/v1/organizations/{id}/resume',
  tag,
  scope,
  summary: 'Lift the brakes of an organization and its domains',
  description:
    'When too much mail of an organization or of one of its domains bounced or led to complaints, its new sends are 409 `inbox_paused` and what was queued waits. After this it is sent, and counting begins anew. What is not braked stays as it is. A paused inbox is resumed by itself.',
  ...one,
  body: ResumeOrganizationBody,
  status: 200,
  response: OrganizationReputation,
  example: { domain: 'example.com' },
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
