import {
  CreateInboxRoute,
  DeleteInboxRoute,
  GetInboxRoute,
  type Inbox,
  InboxStatus,
  ListInboxesRoute,
  PageQuery,
  PauseInboxRoute,
  ResumeInboxRoute,
  SecurityLevelInput,
  UpdateInboxRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { pageReply } from './page.js';
import { setWebhookUrl } from './webhook-url.js';

type InboxJson = z.input<typeof Inbox>;

const settings = { display_name: z.string().nullish(), security_level: SecurityLevelInput.optional() };
const CreateBody = z.strictObject({ slug: z.string(), ...settings });
const UpdateBody = z.strictObject({
  ...settings,
  status: InboxStatus.optional(),
  webhook_url: z.string().nullish(),
});
const ListQuery = z.strictObject({ ...PageQuery, status: InboxStatus.optional() });

const shown = (inbox: InboxJson): object => ({
  id: inbox.id,
  slug: inbox.slug,
  display_name: inbox.display_name,
  address: inbox.address,
  security_level: inbox.security_level,
  status: inbox.status,
  created_at: inbox.created_at,
  updated_at: inbox.updated_at,
});

const isEmpty = (settings: object): boolean => Object.keys(settings).length === 0;

export const inboxRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes',
    async answer({ body }, v1) {
      const inbox = await v1.ask(CreateInboxRoute, { body: CreateBody.parse(body) });
      return { status: 201, body: shown(inbox) };
    },
  },
  {
    method: 'GET',
    path: '/inboxes',
    async answer({ query }, v1) {
      return pageReply('inboxes', await v1.ask(ListInboxesRoute, { query: ListQuery.parse(query) }), shown);
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{slug}',
    async answer({ params: { slug = '' } }, v1) {
      const inbox = await v1.ask(GetInboxRoute, { params: { inbox: slug } });
      const { flagged, withheld } = inbox.counters;
      return { status: 200, body: { ...shown(inbox), flagged_count: flagged, withheld_count: withheld } };
    },
  },
  {
    method: 'PATCH',
    path: '/inboxes/{slug}',
    async answer({ params: { slug = '' }, body }, v1) {
      const { status, webhook_url, ...changes } = UpdateBody.parse(body);
      const params = { inbox: slug };
      // Only what changes something: each change is an event.
      let inbox = isEmpty(changes)
        ? await v1.ask(GetInboxRoute, { params })
        : await v1.ask(UpdateInboxRoute, { params, body: changes });
      if (status !== undefined)
        inbox = await v1.ask(status === 'paused' ? PauseInboxRoute : ResumeInboxRoute, { params });
      // Last: the reply shows a secret, once, so nothing may fail after it.
      const webhook = webhook_url === undefined ? {} : await setWebhookUrl(v1, inbox.id, webhook_url);
      return { status: 200, body: { ...shown(inbox), ...webhook } };
    },
  },
  {
    method: 'DELETE',
    path: '/inboxes/{slug}',
    async answer({ params: { slug = '' } }, v1) {
      await v1.ask(DeleteInboxRoute, { params: { inbox: slug } });
      return { status: 204 };
    },
  },
];
