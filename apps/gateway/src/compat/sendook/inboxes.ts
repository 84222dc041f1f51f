import { CreateInboxRoute, DeleteInboxRoute, GetInboxRoute, type Inbox, ListInboxesRoute } from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { Problem } from '../problem.js';
import { found } from './found.js';
import { wholeList } from './whole-list.js';

const CreateBody = z.strictObject({
  name: z.string().trim().min(1).optional(),
  email: z
    .string()
    .trim()
    .regex(/^[^@\s]+@[^@\s]+$/, 'must be an email address')
    .optional(),
});

const shownIn = (organizationId: string) => (inbox: z.input<typeof Inbox>) => ({
  id: inbox.id,
  organizationId,
  name: inbox.display_name,
  email: inbox.address,
  createdAt: inbox.created_at,
  updatedAt: inbox.updated_at,
});

/** What this system says of an address that cannot be had. */
function inItsWords(error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  if (error.code === 'address_taken') return new Problem(400, 'address_taken', 'Inbox with this email already exists');
  if (error.issues.some(({ path }) => path === 'domain'))
    return new Problem(404, 'invalid_domain', 'Invalid domain name');
  return error;
}

export const inboxes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes',
    async answer({ body, organizationId }, v1) {
      const { name, email } = CreateBody.parse(body ?? {});
      const [slug, domain] = email?.toLowerCase().split('@') ?? [];
      const made = await v1
        .ask(CreateInboxRoute, { body: { slug, domain, display_name: name } })
        .catch((error: unknown) => {
          throw inItsWords(error);
        });
      return { status: 201, body: shownIn(organizationId)(made) };
    },
  },
  {
    method: 'GET',
    path: '/inboxes',
    async answer({ organizationId }, v1) {
      return wholeList(await everyEntry(v1, ListInboxesRoute), shownIn(organizationId));
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inboxId}',
    async answer({ params: { inboxId = '' }, organizationId }, v1) {
      const inbox = await found('Inbox', v1.ask(GetInboxRoute, { params: { inbox: inboxId } }));
      return { status: 200, body: shownIn(organizationId)(inbox) };
    },
  },
  {
    method: 'DELETE',
    path: '/inboxes/{inboxId}',
    async answer({ params: { inboxId = '' }, organizationId }, v1) {
      const params = { inbox: inboxId };
      const inbox = await found('Inbox', v1.ask(GetInboxRoute, { params }));
      await found('Inbox', v1.ask(DeleteInboxRoute, { params }));
      return { status: 200, body: shownIn(organizationId)(inbox) };
    },
  },
];
