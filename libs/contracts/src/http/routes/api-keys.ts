import { z } from 'zod';
import { KeyId } from '../../ids.js';
import { ApiKey, CreateApiKeyBody, ListApiKeysQuery } from '../api-key.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'API keys';
const one = { params: z.strictObject({ id: KeyId }), subject: 'api_key' } as const;

export const CreateApiKeyRoute = defineRoute({
  id: 'create_api_key',
  method: 'POST',
  path: '/v1/api_keys',
  tag,
  scope: 'keys:write',
  summary: 'Create a key',
  description:
    'A key can only make narrower keys: no more scopes, inboxes or life time than its own; a test key makes test keys only. The secret is in this reply only.',
  body: CreateApiKeyBody,
  status: 201,
  response: ApiKey,
  example: { name: 'Support agent', mode: 'live', scopes: ['inboxes:read', 'messages:read', 'messages:send'] },
});

export const ListApiKeysRoute = defineRoute({
  id: 'list_api_keys',
  method: 'GET',
  path: '/v1/api_keys',
  tag,
  scope: 'keys:read',
  summary: 'List keys, newest first',
  description: 'A live key sees the keys of both modes, a test key those of test mode.',
  query: ListApiKeysQuery,
  status: 200,
  response: pageOf(ApiKey),
});

export const GetApiKeyRoute = defineRoute({
  id: 'get_api_key',
  method: 'GET',
  path: '/v1/api_keys/{id}',
  tag,
  scope: 'keys:read',
  summary: 'Get a key',
  ...one,
  status: 200,
  response: ApiKey,
});

export const RevokeApiKeyRoute = defineRoute({
  id: 'revoke_api_key',
  method: 'DELETE',
  path: '/v1/api_keys/{id}',
  tag,
  scope: 'keys:write',
  summary: 'Revoke a key',
  description: 'In force within a second everywhere.',
  ...one,
  status: 204,
});
