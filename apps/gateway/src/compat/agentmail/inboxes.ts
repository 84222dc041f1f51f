import { CreateInboxRoute, DeleteInboxRoute, ListInboxesRoute, UpdateInboxRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import { type InboxJson, inboxOf } from './inbox-of.js';
import { listReply, ListQuery, mapPage, pageOfQuery } from './paging.js';
import { DONE, ok, present } from './words.js';

/** Where the client's own name for an inbox is kept. Not shown as metadata. */
const CLIENT_ID = 'agentmail_client_id';

/** As documented: what may stand in a path, without `@`. */
export const ClientId = z.string().regex(/^[A-Za-z0-9._~-]{1,255}$/, 'must be 1 to 255 of A-Z a-z 0-9 - . _ ~');

const Metadata = z.record(
  z.string().refine((name) => name !== CLIENT_ID, { message: 'is a name of Postern itself' }),
  z.string({ error: 'must be text: numbers and booleans are not offered here' }),
);

const CreateBody = z
  .strictObject({
    username: z.string().optional(),
    domain: z.string().optional(),
    display_name: z.string().optional(),
    client_id: ClientId.optional(),
    metadata: Metadata.optional(),
  })
  .prefault({});

const UpdateBody = z
  .strictObject({
    display_name: z.string().optional(),
    metadata: z
      .record(Metadata.keyType, Metadata.valueType.nullable())
      .refine((given) => Object.keys(given).length > 0, { message: 'must not be empty: send null to clear it' })
      .nullish(),
  })
  .refine((body) => Object.keys(body).length > 0, { message: 'must change display_name or metadata' });

/** An inbox as its clients know it. The organization is its only pod. */
export function shownInbox({ metadata, ...inbox }: InboxJson, { organizationId }: FrontRequest): object {
  const { [CLIENT_ID]: clientId, ...own } = metadata;
  return present({
    pod_id: organizationId,
    inbox_id: inbox.address,
    email: inbox.address,
    display_name: inbox.display_name,
    client_id: clientId,
    metadata: Object.keys(own).length > 0 ? own : undefined,
    updated_at: inbox.updated_at,
    created_at: inbox.created_at,
  });
}

/** What a merge leaves; null clears all that is the client's own. */
export function mergedMetadata(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> | null,
): Record<string, string> {
  const kept = change === null ? { [CLIENT_ID]: before[CLIENT_ID] } : { ...before, ...change };
  return present(kept) as Record<string, string>;
}

export const inboxRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes',
    async answer(request, v1) {
      const query = ListQuery.parse(request.query);
      const page = await keptPage(v1, ListInboxesRoute, {}, pageOfQuery(query));
      return listReply('inboxes', query, await mapPage(page, (inbox) => shownInbox(inbox, request)));
    },
  },
  {
    method: 'POST',
    path: '/inboxes',
    async answer(request, v1) {
      const { username: slug, client_id: clientId, metadata, ...body } = CreateBody.parse(request.body);
      const inbox = await v1.ask(CreateInboxRoute, {
        body: {
          ...body,
          ...(slug !== undefined && { slug }),
          ...((metadata ?? clientId) !== undefined && {
            metadata: { ...metadata, ...(clientId !== undefined && { [CLIENT_ID]: clientId }) },
          }),
        },
        ...(clientId !== undefined && { idempotencyKey: clientId }),
      });
      return ok(shownInbox(inbox, request));
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inbox_id}',
    answer: async (request, v1) => ok(shownInbox(await inboxOf(v1, request), request)),
  },
  {
    method: 'PATCH',
    path: '/inboxes/{inbox_id}',
    async answer(request, v1) {
      const { metadata, ...body } = UpdateBody.parse(request.body);
      const inbox = await inboxOf(v1, request);
      const changed = await v1.ask(UpdateInboxRoute, {
        params: { inbox: inbox.id },
        body: { ...body, ...(metadata !== undefined && { metadata: mergedMetadata(inbox.metadata, metadata) }) },
      });
      return ok(shownInbox(changed, request));
    },
  },
  {
    method: 'DELETE',
    path: '/inboxes/{inbox_id}',
    async answer({ params }, v1) {
      await v1.ask(DeleteInboxRoute, { params: { inbox: params['inbox_id'] ?? '' } });
      return DONE;
    },
  },
];
