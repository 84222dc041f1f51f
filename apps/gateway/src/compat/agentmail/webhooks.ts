import {
  CreateWebhookRoute,
  DeleteWebhookRoute,
  GetInboxRoute,
  GetWebhookRoute,
  ListWebhooksRoute,
  UpdateWebhookRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { InboxAddresses, inboxIfNamed } from './inbox-of.js';
import { ClientId } from './inboxes.js';
import { orNull } from './or-null.js';
import { listReply, ListQuery, mapPage, pageOfQuery } from './paging.js';
import { absent } from './refusal.js';
import { EventTypes, HeadersBody, headersAfter, shownWebhook, type WebhookJson } from './webhook.js';
import { DONE, notOffered, ok } from './words.js';

const PODS = 'there are no pods';

const createFields = {
  url: z.string(),
  event_types: EventTypes.refine((types) => types.length > 0, { message: 'must name at least one' }),
  client_id: ClientId.optional(),
  headers: z.record(z.string(), z.string()).optional(),
};
const CreateBody = z.strictObject({
  ...createFields,
  inbox_ids: z.array(z.string()).optional(),
  pod_ids: notOffered(PODS),
});
const CreateOfInboxBody = z.strictObject(createFields);

const UpdateOfInboxBody = z.strictObject({ event_types: EventTypes.optional() });
const UpdateBody = z.strictObject({
  event_types: EventTypes.optional(),
  add_inbox_ids: z.array(z.string()).optional(),
  remove_inbox_ids: z.array(z.string()).optional(),
  add_pod_ids: notOffered(PODS),
  remove_pod_ids: notOffered(PODS),
});

/** Bound to this inbox alone: what was made for several belongs to none of them. */
const isOf =
  (inboxId: string) =>
  ({ inbox_ids: ids }: WebhookJson): boolean =>
    ids.length === 1 && ids[0] === inboxId;

/** @throws Problem `not_found`, also for a webhook that is not of the inbox in the path. */
async function findWebhook(v1: V1, request: FrontRequest) {
  const inbox = await inboxIfNamed(v1, request);
  const webhook = await v1.ask(GetWebhookRoute, { params: { id: request.params['webhook_id'] ?? '' } });
  if (inbox !== undefined && !isOf(inbox.id)(webhook)) throw absent();
  return { webhook, inbox, addresses: new InboxAddresses(v1, inbox) };
}

const idOf = async (v1: V1, inbox: string): Promise<string> => (await v1.ask(GetInboxRoute, { params: { inbox } })).id;
const idsOf = (v1: V1, names: readonly string[] = []): Promise<string[]> =>
  Promise.all(names.map((name) => idOf(v1, name)));

/** What is wanted after a change; a webhook that loses its last inbox would hear of all of them. */
const InboxIds = z.array(z.string()).min(1, { error: 'must leave an inbox: delete the webhook instead' });

/** Absent where nothing changes. An empty list of events leaves them, as documented. */
async function changeOf(v1: V1, { inbox_ids: before }: WebhookJson, given: Partial<z.output<typeof UpdateBody>>) {
  const added = await idsOf(v1, given.add_inbox_ids);
  // One that is gone is named by its id.
  const removed = await Promise.all(
    (given.remove_inbox_ids ?? []).map(async (name) => (await orNull(idOf(v1, name))) ?? name),
  );
  const events = given.event_types ?? [];
  const changesInboxes = added.length + removed.length > 0;
  const after = [...new Set([...before, ...added])].filter((id) => !removed.includes(id));
  return {
    ...(events.length > 0 && { events }),
    ...(changesInboxes && { inbox_ids: InboxIds.parse(after) }),
  };
}

const routesOf = (base: '' | '/inboxes/{inbox_id}'): FrontRoute[] => [
  {
    method: 'GET',
    path: `${base}/webhooks`,
    async answer(request, v1) {
      const query = ListQuery.parse(request.query);
      const inbox = await inboxIfNamed(v1, request);
      const keep = inbox === undefined ? {} : { keep: isOf(inbox.id) };
      const page = await keptPage(v1, ListWebhooksRoute, {}, { ...pageOfQuery(query), ...keep });
      const addresses = new InboxAddresses(v1, inbox);
      return listReply('webhooks', query, await mapPage(page, (webhook) => shownWebhook(webhook, addresses)));
    },
  },
  {
    method: 'POST',
    path: `${base}/webhooks`,
    async answer(request, v1) {
      const inbox = await inboxIfNamed(v1, request);
      const {
        url,
        event_types: events,
        inbox_ids: names,
        headers,
        client_id: clientId,
      } = inbox === undefined
        ? CreateBody.parse(request.body)
        : { ...CreateOfInboxBody.parse(request.body), inbox_ids: [inbox.id] };
      const webhook = await v1.ask(CreateWebhookRoute, {
        body: {
          url,
          events,
          format: 'agentmail',
          inbox_ids: await idsOf(v1, names),
          ...(headers !== undefined && { headers }),
        },
        ...(clientId !== undefined && { idempotencyKey: clientId }),
      });
      return ok(await shownWebhook(webhook, new InboxAddresses(v1, inbox)));
    },
  },
  {
    method: 'GET',
    path: `${base}/webhooks/{webhook_id}`,
    async answer(request, v1) {
      const { webhook, addresses } = await findWebhook(v1, request);
      return ok(await shownWebhook(webhook, addresses));
    },
  },
  {
    method: 'PATCH',
    path: `${base}/webhooks/{webhook_id}`,
    async answer(request, v1) {
      const { webhook, inbox, addresses } = await findWebhook(v1, request);
      const given = inbox === undefined ? UpdateBody.parse(request.body) : UpdateOfInboxBody.parse(request.body);
      const body = await changeOf(v1, webhook, given);
      return ok(await shownWebhook(await v1.ask(UpdateWebhookRoute, { params: { id: webhook.id }, body }), addresses));
    },
  },
  {
    method: 'DELETE',
    path: `${base}/webhooks/{webhook_id}`,
    async answer(request, v1) {
      const { webhook } = await findWebhook(v1, request);
      await v1.ask(DeleteWebhookRoute, { params: { id: webhook.id } });
      return DONE;
    },
  },
  {
    method: 'GET',
    path: `${base}/webhooks/{webhook_id}/headers`,
    async answer(request, v1) {
      const { webhook } = await findWebhook(v1, request);
      return ok({ header_names: Object.keys(webhook.headers) });
    },
  },
  {
    method: 'PATCH',
    path: `${base}/webhooks/{webhook_id}/headers`,
    async answer(request, v1) {
      const change = HeadersBody.parse(request.body);
      const { webhook } = await findWebhook(v1, request);
      const headers = headersAfter(webhook.headers, change);
      await v1.ask(UpdateWebhookRoute, { params: { id: webhook.id }, body: { headers } });
      return DONE;
    },
  },
];

export const webhookRoutes: FrontRoute[] = [...routesOf(''), ...routesOf('/inboxes/{inbox_id}')];
