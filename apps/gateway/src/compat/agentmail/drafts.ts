import {
  CreateDraftRoute,
  DeleteDraftRoute,
  GetDraftRoute,
  ListDraftsRoute,
  SendDraftRoute,
  TimestampInput,
  UpdateDraftRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { metadataOf } from './draft-kind.js';
import { shownDraft } from './draft.js';
import { type DraftJson, findDraft } from './find-draft.js';
import { findMessage } from './find-message.js';
import { inboxOf } from './inbox-of.js';
import { ClientId } from './inboxes.js';
import { ownLabels } from './labels.js';
import { orNull } from './or-null.js';
import { listFields, listReply, mapPage, pageOfQuery } from './paging.js';
import { QueryList } from './query-list.js';
import { absent } from './refusal.js';
import { contentFields, forNobody, recipientFields, SendAttachment, toSend } from './send-body.js';
import { sendDraft } from './send-draft.js';
import { sentReply } from './sends.js';
import { DONE, listOf, notOffered, ok, OneOrMore } from './words.js';

const SCHEDULED =
  'a draft waits until it is sent; send it then, or schedule a message with send_at of POST /v1/messages';

const { headers: _headers, track_opens: _trackOpens, ...draftContent } = contentFields;
const CreateBody = z
  .strictObject({
    ...recipientFields,
    subject: z.string().optional(),
    ...draftContent,
    client_id: ClientId.optional(),
    in_reply_to: z.string().optional(),
    forward_of: z.string().optional(),
    reply_all: z.boolean().optional(),
    send_at: notOffered(SCHEDULED),
  })
  .refine(({ in_reply_to: answered, forward_of: forwarded }) => answered === undefined || forwarded === undefined, {
    path: ['forward_of'],
    message: 'must not be given with in_reply_to',
  })
  .refine((body) => body.reply_all !== true || (body.in_reply_to !== undefined && forNobody(body)), {
    path: ['reply_all'],
    message: 'must be given with in_reply_to, and without to, cc and bcc',
  });

const Clearable = OneOrMore.nullish();
const UpdateBody = z.strictObject({
  to: Clearable,
  cc: Clearable,
  bcc: Clearable,
  reply_to: Clearable,
  subject: z.string().nullish(),
  text: z.string().nullish(),
  html: z.string().nullish(),
  add_attachments: z.array(SendAttachment).optional(),
  remove_attachments: z.array(z.string()).optional(),
  add_labels: OneOrMore.optional(),
  remove_labels: OneOrMore.optional(),
  send_at: notOffered(SCHEDULED),
});
const SendBody = z.strictObject({ add_labels: OneOrMore.optional(), remove_labels: OneOrMore.optional() }).prefault({});
const ListQuery = z.strictObject({
  ...listFields,
  labels: QueryList,
  before: TimestampInput.optional(),
  after: TimestampInput.optional(),
});

interface LabelChange {
  add_labels?: string | string[] | undefined;
  remove_labels?: string | string[] | undefined;
}

/** The labels that a draft has after a change; undefined when nothing changes. */
export function labelsAfter({ labels }: DraftJson, { add_labels: add, remove_labels: remove }: LabelChange) {
  if (add === undefined && remove === undefined) return undefined;
  const removed = new Set(listOf(remove));
  return [...new Set([...labels, ...ownLabels(listOf(add), 'add_labels')])].filter((label) => !removed.has(label));
}

/** `/v1` replaces attachments as a whole: those that stay are named by their ids. */
function changeOf(draft: DraftJson, given: z.output<typeof UpdateBody>) {
  const { add_attachments: added = [], remove_attachments: removed = [], add_labels, remove_labels, ...fields } = given;
  const labels = labelsAfter(draft, { add_labels, remove_labels });
  const kept = draft.attachments
    .filter(({ id }) => !removed.includes(id))
    .map(({ id, content_id: contentId }) => ({ id, ...(contentId !== null && { content_id: contentId }) }));
  const changesFiles = added.length + removed.length > 0;
  const { to, ...rest } = fields;
  return {
    ...rest,
    // An empty list clears, as null does.
    ...(to !== undefined && { to: listOf(to ?? undefined).length === 0 ? null : to }),
    ...(labels !== undefined && { labels }),
    ...(changesFiles && { attachments: [...kept, ...added] }),
  };
}

const update = (v1: V1, { id }: DraftJson, body: object): Promise<DraftJson> =>
  v1.ask(UpdateDraftRoute, { params: { id }, body });

const one = (path: FrontRoute['path']): FrontRoute => ({
  method: 'GET',
  path,
  async answer(request, v1) {
    const { draft, addresses } = await findDraft(v1, request);
    return ok(shownDraft(draft, await addresses.of(draft.inbox_id)));
  },
});

/** Of a draft that is gone: this very request may have sent it before, which is for its idempotency key to say. */
const replayed = (v1: V1, id: string): Promise<MessageJson> => v1.ask(SendDraftRoute, { params: { id } });

export const draftRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{inbox_id}/drafts',
    async answer(request, v1) {
      const query = ListQuery.parse(request.query);
      const inbox = await inboxOf(v1, request);
      const page = await keptPage(
        v1,
        ListDraftsRoute,
        { params: { inbox: inbox.id } },
        {
          ...pageOfQuery(query),
          keep: ({ labels, updated_at: at }) =>
            query.labels.every((label) => labels.includes(label)) &&
            Date.parse(at) >= Date.parse(query.after ?? at) &&
            (query.before === undefined || Date.parse(at) < Date.parse(query.before)),
        },
      );
      return listReply('drafts', query, await mapPage(page, (draft) => shownDraft(draft, inbox.address)));
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/drafts',
    async answer(request, v1) {
      const { client_id, in_reply_to, reply_all, forward_of, ...body } = CreateBody.parse(request.body ?? {});
      const inbox = await inboxOf(v1, request);
      const source = in_reply_to ?? forward_of;
      if (source !== undefined) await findMessage(v1, request, source);
      const metadata = metadataOf({ client_id, in_reply_to, reply_all, forward_of });
      const draft = await v1.ask(CreateDraftRoute, {
        params: { inbox: inbox.id },
        body: { ...toSend(body), ...(metadata !== undefined && { metadata }) },
        ...(client_id !== undefined && { idempotencyKey: client_id }),
      });
      return ok(shownDraft(draft, inbox.address));
    },
  },
  one('/inboxes/{inbox_id}/drafts/{draft_id}'),
  one('/drafts/{draft_id}'),
  {
    method: 'PATCH',
    path: '/inboxes/{inbox_id}/drafts/{draft_id}',
    async answer(request, v1) {
      const given = UpdateBody.parse(request.body);
      const { draft, addresses } = await findDraft(v1, request);
      const changed = await update(v1, draft, changeOf(draft, given));
      return ok(shownDraft(changed, await addresses.of(draft.inbox_id)));
    },
  },
  {
    method: 'DELETE',
    path: '/inboxes/{inbox_id}/drafts/{draft_id}',
    async answer(request, v1) {
      const { draft } = await findDraft(v1, request);
      await v1.ask(DeleteDraftRoute, { params: { id: draft.id } });
      return DONE;
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/drafts/{draft_id}/send',
    async answer(request, v1) {
      const change = SendBody.parse(request.body ?? {});
      const inbox = await inboxOf(v1, request);
      const id = request.params['draft_id'] ?? '';
      const draft = await orNull(v1.ask(GetDraftRoute, { params: { id } }));
      if (draft !== null && draft.inbox_id !== inbox.id) throw absent();
      const labels = draft === null ? undefined : labelsAfter(draft, change);
      const ready = draft === null || labels === undefined ? draft : await update(v1, draft, { labels });
      const message = ready === null ? await replayed(v1, id) : await sendDraft(v1, ready);
      if (message.inbox_id !== inbox.id) throw absent();
      return sentReply(message);
    },
  },
];
