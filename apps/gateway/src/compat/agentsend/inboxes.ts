import {
  CreateInboxRoute,
  DeleteInboxRoute,
  GetDomainRoute,
  GetInboxRoute,
  type Inbox,
  ListDomainsRoute,
  ListInboxesRoute,
  UpdateInboxRoute,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import { type FieldNames, inFieldsOf } from '../field-names.js';
import type { FrontRoute } from '../front.js';
import { entriesOf, offsetPage, offsetQuery } from '../offset-page.js';
import { unlessForbidden } from '../unless-forbidden.js';
import type { V1 } from '../v1.js';
import { placeOf } from './place.js';

type InboxJson = z.input<typeof Inbox>;
type DomainIds = ReadonlyMap<string, string>;

const ListQuery = z.strictObject(offsetQuery);
const CreateBody = z.strictObject({
  address: z.string().optional(),
  displayName: z.string().nullish(),
  domainId: z.string().nullish(),
});
const NAMES: FieldNames = [
  [/^(slug|domain)$/, 'address'],
  [/^display_name$/, 'displayName'],
];
const UpdateBody = z.strictObject({ displayName: z.string().nullish() });

/** `totalSent` is not counted by `/v1`; null says so, where 0 would be wrong. */
const shown = (inbox: InboxJson, domainIds: DomainIds) => ({
  id: inbox.id,
  address: inbox.address,
  displayName: inbox.display_name,
  domainId: domainIds.get(inbox.domain) ?? null,
  status: inbox.status === 'paused' ? 'suspended' : 'active',
  dailySendLimit: inbox.daily_send_limit,
  sendsToday: inbox.counters.sent_today,
  totalSent: null,
  bounceCount: inbox.counters.bounced,
  complaintCount: inbox.counters.complained,
  createdAt: inbox.created_at,
});

/** Ids of the organization's domains by name; none for keys that may not see domains. */
async function domainIdsFor(v1: V1): Promise<DomainIds> {
  const { entries } = await unlessForbidden(everyEntry(v1, ListDomainsRoute), { entries: [], more: false });
  return new Map(entries.map(({ id, name }) => [name, id]));
}

const update = (method: 'PATCH' | 'PUT'): FrontRoute => ({
  method,
  path: '/inboxes/{id}',
  async answer({ params: { id: inbox = '' }, body }, v1) {
    const { displayName: display_name } = UpdateBody.parse(body);
    // Before the change: a refusal means that nothing was done.
    const domainIds = await domainIdsFor(v1);
    const asked = v1.ask(UpdateInboxRoute, { params: { inbox }, body: { display_name } });
    return { status: 200, body: shown(await inFieldsOf(NAMES, asked), domainIds) };
  },
});

export const inboxes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes',
    async answer({ body }, v1) {
      const { address, displayName: display_name, domainId } = CreateBody.parse(body ?? {});
      const domain =
        typeof domainId === 'string' ? (await v1.ask(GetDomainRoute, { params: { id: domainId } })).name : undefined;
      const place = placeOf(address, domain);
      const domainIds = await domainIdsFor(v1);
      const asked = v1.ask(CreateInboxRoute, { body: { ...place, display_name } });
      return { status: 201, body: shown(await inFieldsOf(NAMES, asked), domainIds) };
    },
  },
  {
    method: 'GET',
    path: '/inboxes',
    async answer({ query }, v1) {
      const wish = ListQuery.parse(query);
      const domainIds = await domainIdsFor(v1);
      const page = offsetPage(entriesOf(v1, ListInboxesRoute), wish, (inbox) => shown(inbox, domainIds));
      return { status: 200, body: await page };
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{id}',
    async answer({ params: { id: inbox = '' } }, v1) {
      const found = await v1.ask(GetInboxRoute, { params: { inbox } });
      return { status: 200, body: shown(found, await domainIdsFor(v1)) };
    },
  },
  // Which of the two was not to be found in its documents.
  update('PATCH'),
  update('PUT'),
  {
    method: 'DELETE',
    path: '/inboxes/{id}',
    async answer({ params: { id: inbox = '' } }, v1) {
      await v1.ask(DeleteInboxRoute, { params: { inbox } });
      return { status: 204 };
    },
  },
];
