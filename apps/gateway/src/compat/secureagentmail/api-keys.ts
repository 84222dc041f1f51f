import { type ApiKey, CreateApiKeyRoute, ListApiKeysRoute } from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';

const CreateBody = z.strictObject({ name: z.string(), scopes: z.array(z.string()) });
const NoQuery = z.strictObject({});

/** Here whoever may write messages may send them; `/v1` tells the two apart. */
const scopesOf = (scopes: readonly string[]): string[] => [
  ...new Set(scopes.flatMap((scope) => (scope === 'messages:write' ? [scope, 'messages:send'] : [scope]))),
];

const shown = ({ id, name, key_prefix, scopes, created_at }: z.input<typeof ApiKey>) => ({
  id,
  name,
  key_prefix,
  scopes,
  created_at,
});

export const apiKeyRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/api_keys',
    async answer({ query }, v1) {
      NoQuery.parse(query);
      const { entries } = await everyEntry(v1, ListApiKeysRoute);
      const keys = entries.map((key) => ({ ...shown(key), last_used_at: key.last_used_at }));
      return { status: 200, body: { api_keys: keys } };
    },
  },
  {
    method: 'POST',
    path: '/api_keys',
    async answer({ body, mode }, v1) {
      const { name, scopes } = CreateBody.parse(body);
      const made = await v1.ask(CreateApiKeyRoute, { body: { name, mode, scopes: scopesOf(scopes) } });
      return { status: 201, body: { ...shown(made), key: made.secret } };
    },
  },
];
