import { CreateListEntryRoute, DeleteListEntryRoute, type ListEntry, ListListEntriesRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { type InboxJson, inboxIfNamed } from './inbox-of.js';
import { listReply, mapPage, pageFields, pageOfQuery } from './paging.js';
import { absent } from './refusal.js';
import { DONE, ok, present } from './words.js';

type EntryJson = z.input<typeof ListEntry>;

const Query = z.strictObject(pageFields);
const CreateBody = z.strictObject({ entry: z.string(), reason: z.string().optional() });
const Params = z.object({ direction: z.enum(['send', 'receive', 'reply']), type: z.enum(['allow', 'block']) });

/** The list of a path: of one inbox, or of the whole organization. */
interface List {
  inbox: InboxJson | undefined;
  direction: 'send' | 'receive' | 'reply';
  kind: 'allow' | 'block';
}

async function listOfPath(v1: V1, request: FrontRequest): Promise<List> {
  const { direction, type: kind } = Params.parse(request.params);
  return { inbox: await inboxIfNamed(v1, request), direction, kind };
}

/** What `/v1` is asked for a list; without an inbox it gives the entries of the inboxes, too. */
const asked = ({ inbox, ...list }: List) => ({ ...list, ...(inbox !== undefined && { inbox_id: inbox.id }) });
const belongs =
  ({ inbox }: List) =>
  (entry: EntryJson): boolean =>
    entry.inbox_id === (inbox?.id ?? null);

const shown = (entry: EntryJson, { inbox }: List, { organizationId }: FrontRequest): object =>
  present({
    entry: entry.pattern,
    organization_id: organizationId,
    reason: entry.reason,
    direction: entry.direction,
    list_type: entry.kind,
    entry_type: entry.pattern.includes('@') ? 'email' : 'domain',
    created_at: entry.created_at,
    ...(inbox !== undefined && { pod_id: organizationId, inbox_id: inbox.address }),
  });

/** @throws Problem `not_found` */
async function findEntry(v1: V1, list: List, pattern = ''): Promise<EntryJson> {
  const query = { ...asked(list), pattern };
  const { entries } = await keptPage(v1, ListListEntriesRoute, { query }, { limit: 1, keep: belongs(list) });
  if (entries[0] === undefined) throw absent();
  return entries[0];
}

const routesOf = (base: '' | '/inboxes/{inbox_id}'): FrontRoute[] => [
  {
    method: 'GET',
    path: `${base}/lists/{direction}/{type}`,
    async answer(request, v1) {
      const query = Query.parse(request.query);
      const list = await listOfPath(v1, request);
      const keeping = { ...pageOfQuery(query), keep: belongs(list) };
      const page = await keptPage(v1, ListListEntriesRoute, { query: asked(list) }, keeping);
      return listReply('entries', query, await mapPage(page, (entry) => shown(entry, list, request)));
    },
  },
  {
    method: 'POST',
    path: `${base}/lists/{direction}/{type}`,
    async answer(request, v1) {
      const { entry: pattern, ...body } = CreateBody.parse(request.body);
      const list = await listOfPath(v1, request);
      const entry = await v1.ask(CreateListEntryRoute, { body: { ...asked(list), ...body, pattern } });
      return ok(shown(entry, list, request));
    },
  },
  {
    method: 'GET',
    path: `${base}/lists/{direction}/{type}/{entry}`,
    async answer(request, v1) {
      const list = await listOfPath(v1, request);
      return ok(shown(await findEntry(v1, list, request.params['entry']), list, request));
    },
  },
  {
    method: 'DELETE',
    path: `${base}/lists/{direction}/{type}/{entry}`,
    async answer(request, v1) {
      const { id } = await findEntry(v1, await listOfPath(v1, request), request.params['entry']);
      await v1.ask(DeleteListEntryRoute, { params: { id } });
      return DONE;
    },
  },
];

export const listRoutes: FrontRoute[] = [...routesOf(''), ...routesOf('/inboxes/{inbox_id}')];
