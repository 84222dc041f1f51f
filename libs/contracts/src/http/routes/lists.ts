import { z } from 'zod';
import { ListEntryId } from '../../ids.js';
import { CreateListEntryBody, ListEntry, ListListEntriesQuery, UpdateListEntryBody } from '../list-entry.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'Lists';
const one = { params: z.strictObject({ id: ListEntryId }), subject: 'list_entry' } as const;

export const ListListEntriesRoute = defineRoute({
  id: 'list_list_entries',
  method: 'GET',
  path: '/v1/lists',
  tag,
  scope: 'lists:read',
  summary: 'List entries of the allow and block lists, newest first',
  query: ListListEntriesQuery,
  status: 200,
  response: pageOf(ListEntry),
});

export const CreateListEntryRoute = defineRoute({
  id: 'create_list_entry',
  method: 'POST',
  path: '/v1/lists',
  tag,
  scope: 'lists:write',
  summary: 'Allow or block an address or a domain',
  description: [
    'The lists of an inbox come before those of the organization, and in each an address before its domain before a wildcard.',
    'Where a list for a direction has any allow entry, everybody else is refused there.',
    'An entry that is there already is the answer; one that says something else for the same pattern is 409 `invalid_state`.',
    'In force for every request that begins after the reply.',
  ].join(' '),
  body: CreateListEntryBody,
  status: 201,
  response: ListEntry,
  errors: ['invalid_state'],
  example: { kind: 'block', direction: 'send', pattern: '*.example.com', reason: 'A competitor' },
});

export const GetListEntryRoute = defineRoute({
  id: 'get_list_entry',
  method: 'GET',
  path: '/v1/lists/{id}',
  tag,
  scope: 'lists:read',
  summary: 'Get an entry of the lists',
  ...one,
  status: 200,
  response: ListEntry,
});

export const UpdateListEntryRoute = defineRoute({
  id: 'update_list_entry',
  method: 'PATCH',
  path: '/v1/lists/{id}',
  tag,
  scope: 'lists:write',
  summary: 'Change an entry of the lists',
  ...one,
  body: UpdateListEntryBody,
  status: 200,
  response: ListEntry,
  example: { reason: 'A customer by now', kind: 'allow' },
});

export const DeleteListEntryRoute = defineRoute({
  id: 'delete_list_entry',
  method: 'DELETE',
  path: '/v1/lists/{id}',
  tag,
  scope: 'lists:write',
  summary: 'Delete an entry of the lists',
  ...one,
  status: 204,
});
