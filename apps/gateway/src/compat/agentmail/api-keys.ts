import {
  type ApiKey,
  CreateApiKeyRoute,
  GetApiKeyRoute,
  ListApiKeysRoute,
  RevokeApiKeyRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { InboxAddresses, inboxIfNamed } from './inbox-of.js';
import { listFields, listReply, mapPage, pageOfQuery } from './paging.js';
import { permissionsOf, scopesFor } from './permissions.js';
import { absent } from './refusal.js';
import { DONE, notOffered, ok, present } from './words.js';

type KeyJson = z.input<typeof ApiKey>;

const PUBLIC_KEYS = 'keys are secrets here; there are no public ones';
const UNNAMED = 'API key';

const ListQuery = z.strictObject({
  ...listFields,
  type: z.literal('bearer', { error: `is not offered here: ${PUBLIC_KEYS}` }).optional(),
});
const CreateBody = z
  .strictObject({
    name: z.string().default(UNNAMED),
    permissions: z.record(z.string(), z.boolean()).optional(),
    public_key: notOffered(PUBLIC_KEYS),
    client_id: notOffered(PUBLIC_KEYS),
    expires_at: notOffered(PUBLIC_KEYS),
  })
  .prefault({});

/** Bound to this inbox alone. */
const isOf =
  (inboxId: string) =>
  ({ inbox_ids: ids }: KeyJson): boolean =>
    ids?.length === 1 && ids[0] === inboxId;

async function scopeOf({ inbox_ids: ids, scopes }: KeyJson, addresses: InboxAddresses) {
  const [only, ...others] = ids ?? [];
  return {
    inbox_id: only === undefined || others.length > 0 ? undefined : await addresses.of(only),
    permissions: permissionsOf(scopes),
  };
}

const shown = async (key: KeyJson, addresses: InboxAddresses): Promise<object> =>
  present({
    type: 'bearer',
    api_key_id: key.id,
    prefix: key.key_prefix,
    name: key.name,
    ...(await scopeOf(key, addresses)),
    used_at: key.last_used_at,
    created_at: key.created_at,
    // A key never changes.
    updated_at: key.created_at,
    expires_at: key.expires_at,
  });

/** @throws Problem `not_found`, also for a key that is not of the inbox in the path. */
async function findKey(v1: V1, request: FrontRequest) {
  const inbox = await inboxIfNamed(v1, request);
  const key = await v1.ask(GetApiKeyRoute, { params: { id: request.params['api_key_id'] ?? '' } });
  if (inbox !== undefined && !isOf(inbox.id)(key)) throw absent();
  return { key, addresses: new InboxAddresses(v1, inbox) };
}

const routesOf = (base: '' | '/inboxes/{inbox_id}'): FrontRoute[] => [
  {
    method: 'GET',
    path: `${base}/api-keys`,
    async answer(request, v1) {
      const query = ListQuery.parse(request.query);
      const inbox = await inboxIfNamed(v1, request);
      const keep = inbox === undefined ? {} : { keep: isOf(inbox.id) };
      const page = await keptPage(v1, ListApiKeysRoute, {}, { ...pageOfQuery(query), ...keep });
      const addresses = new InboxAddresses(v1, inbox);
      return listReply('api_keys', query, await mapPage(page, (key) => shown(key, addresses)));
    },
  },
  {
    method: 'POST',
    path: `${base}/api-keys`,
    // What is not said is as it is of the key that makes it: `/v1` gives no more.
    async answer(request, v1) {
      const { name, permissions } = CreateBody.parse(request.body);
      const inbox = await inboxIfNamed(v1, request);
      const scopes = permissions === undefined ? [...request.scopes] : scopesFor(permissions);
      const { mode, inboxIds, expiresAt } = request;
      const inbox_ids = inbox === undefined ? inboxIds && [...inboxIds] : [inbox.id];
      const body = { name, mode, scopes, inbox_ids, expires_at: expiresAt?.toISOString() ?? null };
      const key = await v1.ask(CreateApiKeyRoute, { body });
      return ok(
        present({
          api_key_id: key.id,
          api_key: key.secret,
          prefix: key.key_prefix,
          name: key.name,
          ...(await scopeOf(key, new InboxAddresses(v1, inbox))),
          created_at: key.created_at,
        }),
      );
    },
  },
  {
    method: 'DELETE',
    path: `${base}/api-keys/{api_key_id}`,
    async answer(request, v1) {
      const { key } = await findKey(v1, request);
      await v1.ask(RevokeApiKeyRoute, { params: { id: key.id } });
      return DONE;
    },
  },
];

export const apiKeyRoutes: FrontRoute[] = [
  ...routesOf(''),
  ...routesOf('/inboxes/{inbox_id}'),
  {
    method: 'GET',
    path: '/api-keys/{api_key_id}',
    async answer(request, v1) {
      const { key, addresses } = await findKey(v1, request);
      return ok(await shown(key, addresses));
    },
  },
  {
    method: 'GET',
    path: '/auth/me',
    async answer({ inboxIds, organizationId }, v1) {
      const [only, ...others] = inboxIds ?? [];
      const inboxId = only === undefined || others.length > 0 ? undefined : await new InboxAddresses(v1).of(only);
      return ok(
        present({
          scope_type: inboxId === undefined ? 'organization' : 'inbox',
          scope_id: inboxId ?? organizationId,
          organization_id: organizationId,
          pod_id: inboxId === undefined ? undefined : organizationId,
          inbox_id: inboxId,
        }),
      );
    },
  },
];
