import { z } from 'zod';
import { SuppressionId } from '../../ids.js';
import { pageOf } from '../page.js';
import { CreateSuppressionBody, ListSuppressionsQuery, Suppression } from '../suppression.js';
import { defineRoute } from './route.js';

const tag = 'Suppressions';
/** One list for all inboxes of the organization. */
const wholeOrganization = true;

export const ListSuppressionsRoute = defineRoute({
  id: 'list_suppressions',
  method: 'GET',
  path: '/v1/suppressions',
  tag,
  wholeOrganization,
  scope: 'suppressions:read',
  summary: 'List suppressed addresses, newest first',
  query: ListSuppressionsQuery,
  status: 200,
  response: pageOf(Suppression),
});

export const CreateSuppressionRoute = defineRoute({
  id: 'create_suppression',
  method: 'POST',
  path: '/v1/suppressions',
  tag,
  wholeOrganization,
  scope: 'suppressions:write',
  summary: 'Suppress an address',
  body: CreateSuppressionBody,
  status: 201,
  response: Suppression,
  example: { address: 'ann@example.com' },
});

export const DeleteSuppressionRoute = defineRoute({
  id: 'delete_suppression',
  method: 'DELETE',
  path: '/v1/suppressions/{id}',
  tag,
  wholeOrganization,
  scope: 'suppressions:write',
  summary: 'Take an address off the suppression list',
  params: z.strictObject({ id: SuppressionId }),
  subject: 'suppression',
  status: 204,
});
