import {
  type ApiKey,
  CreateApiKeyRoute,
  GetApiKeyRoute,
  ListApiKeysRoute,
  RevokeApiKeyRoute,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { found } from './found.js';
import { wholeList } from './whole-list.js';

const CreateBody = z.strictObject({ name: z.string().trim().min(1) });

/** @param revokedAt  null while it opens something: revoked keys are not listed. */
const shownIn =
  (organizationId: string, revokedAt: string | null = null) =>
  (key: z.input<typeof ApiKey>) => ({
    id: key.id,
    organizationId,
    name: key.name,
    active: revokedAt === null,
    createdAt: key.created_at,
    revokedAt,
  });

export const apiKeys: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/api_keys',
    async answer({ body, mode, scopes, inboxIds, organizationId }, v1) {
      const { name } = CreateBody.parse(body);
      // Keys of this system have no scopes: a new one may do what the one that makes it may.
      const made = await v1.ask(CreateApiKeyRoute, {
        body: { name, mode, scopes: [...scopes], inbox_ids: inboxIds === null ? null : [...inboxIds] },
      });
      return { status: 201, body: { ...shownIn(organizationId)(made), key: made.secret } };
    },
  },
  {
    method: 'GET',
    path: '/api_keys',
    async answer({ organizationId }, v1) {
      return wholeList(await everyEntry(v1, ListApiKeysRoute), shownIn(organizationId));
    },
  },
  {
    method: 'GET',
    path: '/api_keys/{apiKeyId}',
    async answer({ params: { apiKeyId: id = '' }, organizationId }, v1) {
      const key = await found('API key', v1.ask(GetApiKeyRoute, { params: { id } }));
      return { status: 200, body: shownIn(organizationId)(key) };
    },
  },
  {
    method: 'DELETE',
    path: '/api_keys/{apiKeyId}',
    async answer({ params: { apiKeyId: id = '' }, organizationId }, v1) {
      const params = { id };
      const key = await found('API key', v1.ask(GetApiKeyRoute, { params }));
      await found('API key', v1.ask(RevokeApiKeyRoute, { params }));
      return { status: 200, body: shownIn(organizationId, new Date().toISOString())(key) };
    },
  },
];
