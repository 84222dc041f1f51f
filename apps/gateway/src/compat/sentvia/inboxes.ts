import { CreateInboxRoute, DeleteInboxRoute, GetDomainRoute, type Inbox, ListInboxesRoute } from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';

const CreateInbox = z.strictObject({
  /** Sentvia makes it lower case itself. */
  local_part: z.string().toLowerCase(),
  display_name: z.string().optional(),
  domain_id: z.string().optional(),
});

const inboxOf = ({ id, address, display_name, created_at }: z.input<typeof Inbox>) => ({
  id,
  local_part: address.slice(0, address.lastIndexOf('@')),
  display_name,
  address,
  created_at,
});

export const inboxRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes',
    async answer({ body }, v1) {
      const { local_part: slug, display_name, domain_id: id } = CreateInbox.parse(body ?? {});
      const domain = id === undefined ? undefined : (await v1.ask(GetDomainRoute, { params: { id } })).name;
      return { status: 201, body: inboxOf(await v1.ask(CreateInboxRoute, { body: { slug, display_name, domain } })) };
    },
  },
  {
    method: 'GET',
    path: '/inboxes',
    async answer(_request, v1) {
      const { entries } = await everyEntry(v1, ListInboxesRoute);
      return { status: 200, body: entries.map(inboxOf) };
    },
  },
  {
    method: 'DELETE',
    path: '/inboxes/{id}',
    async answer({ params }, v1) {
      await v1.ask(DeleteInboxRoute, { params: { inbox: params['id'] ?? '' } });
      return { status: 204 };
    },
  },
];
