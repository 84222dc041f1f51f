import { CreateApiKeyRoute, ListApiKeysRoute, RevokeApiKeyRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { entriesOf, offsetPage, offsetQuery } from '../offset-page.js';

const ListQuery = z.strictObject(offsetQuery);
const CreateBody = z.strictObject({ name: z.string().optional() });

/** For a key that is made without a name. */
const UNNAMED = 'API key';

export const apiKeys: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/account/api-keys',
    async answer({ body, mode, scopes, inboxIds }, v1) {
      const { name = UNNAMED } = CreateBody.parse(body ?? {});
      // This system knows no scopes: the new key can do what the one can that makes it.
      const made = await v1.ask(CreateApiKeyRoute, {
        body: { name, mode, scopes: [...scopes], inbox_ids: inboxIds === null ? null : [...inboxIds] },
      });
      const message = 'Store this key now: it is shown in this reply only.';
      return {
        status: 201,
        body: { id: made.id, key: made.secret, prefix: made.key_prefix, name: made.name, message },
      };
    },
  },
  {
    method: 'GET',
    path: '/account/api-keys',
    async answer({ query }, v1) {
      const wish = ListQuery.parse(query);
      const page = await offsetPage(entriesOf(v1, ListApiKeysRoute), wish, (key) => ({
        id: key.id,
        keyPrefix: key.key_prefix,
        name: key.name,
        lastUsedAt: key.last_used_at,
        expiresAt: key.expires_at,
        createdAt: key.created_at,
      }));
      return { status: 200, body: page };
    },
  },
  {
    method: 'DELETE',
    path: '/account/api-keys/{id}',
    async answer({ params: { id = '' } }, v1) {
      await v1.ask(RevokeApiKeyRoute, { params: { id } });
      return { status: 204 };
    },
  },
];
