import {
  DeleteMessageRoute,
  ListInboxMessagesRoute,
  type ListMessagesQuery,
  PAGE_LIMIT_MAX,
  TimestampInput,
  UpdateMessageRoute,
  writeAddress,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import { keptPage } from '../kept-page.js';
import { findMessage } from './find-message.js';
import { inboxOf } from './inbox-of.js';
import { BLOCKED, labelChange, labelsOf, queryForLabels } from './labels.js';
import { shownItem, shownMessage } from './message.js';
import { listFields, listReply, mapPage, pageOfQuery } from './paging.js';
import { QueryList } from './query-list.js';
import { DONE, listOf, ok, OneOrMore } from './words.js';

const Switch = z.enum(['true', 'false']).optional();

/** Filters of the lists of messages and of threads. What a class does not exist here for leaves nothing out. */
export const filterFields = {
  ...listFields,
  labels: QueryList,
  before: TimestampInput.optional(),
  after: TimestampInput.optional(),
  subject: QueryList,
  include_spam: Switch,
  include_blocked: Switch,
  include_unauthenticated: Switch,
  include_trash: Switch,
};

const ListQuery = z.strictObject({ ...filterFields, from: QueryList, to: QueryList });

const LabelsBody = z
  .strictObject({ add_labels: OneOrMore.optional(), remove_labels: OneOrMore.optional() })
  .refine((body) => body.add_labels !== undefined || body.remove_labels !== undefined, {
    path: ['add_labels'],
    message: 'must be given, or remove_labels',
  });

/** A change of labels in a body. @throws ZodError, Problem */
export function readLabelChange(body: unknown) {
  const { add_labels: add, remove_labels: remove } = LabelsBody.parse(body);
  return labelChange(listOf(add), listOf(remove));
}

/** Every one of the wanted texts is a part of one of those that are there, in any case. */
export const holdsAll = (wanted: readonly string[], there: readonly string[]): boolean =>
  wanted.every((part) => there.some((text) => text.toLowerCase().includes(part.toLowerCase())));

/** Few messages may be kept of many: then many are asked for at once. */
const narrows = ({ labels, from, to, subject }: z.output<typeof ListQuery>): boolean =>
  [labels, from, to, subject].some((filter) => filter.length > 0);

/** The filters that `/v1` has not. */
export function keeps(query: z.output<typeof ListQuery>): (message: MessageJson) => boolean {
  const { labels, from, to, subject } = query;
  const blockedToo = query.include_blocked === 'true' || labels.includes(BLOCKED);
  return (message) => {
    const shown = labelsOf(message);
    return (
      (blockedToo || !shown.includes(BLOCKED)) &&
      labels.every((label) => shown.includes(label)) &&
      holdsAll(from, [writeAddress(message.from)]) &&
      holdsAll(to, [...message.to, ...message.cc, ...message.bcc].map(writeAddress)) &&
      holdsAll(subject, [message.subject ?? ''])
    );
  };
}

export const messageRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{inbox_id}/messages',
    async answer(request, v1) {
      const query = ListQuery.parse(request.query);
      const inbox = await inboxOf(v1, request);
      const asked = {
        ...queryForLabels(query.labels),
        since: query.after,
        until: query.before,
        subject: query.subject[0],
      } as z.input<typeof ListMessagesQuery>;
      const page = await keptPage(
        v1,
        ListInboxMessagesRoute,
        { params: { inbox: inbox.id }, query: asked },
        { ...pageOfQuery(query), keep: keeps(query), step: narrows(query) ? PAGE_LIMIT_MAX : query.limit },
      );
      return listReply('messages', query, await mapPage(page, (message) => shownItem(message, inbox.address)));
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inbox_id}/messages/{message_id}',
    async answer(request, v1) {
      const { inbox, message } = await findMessage(v1, request);
      return ok(shownMessage(message, inbox.address));
    },
  },
  {
    method: 'PATCH',
    path: '/inboxes/{inbox_id}/messages/{message_id}',
    async answer(request, v1) {
      const body = readLabelChange(request.body);
      const { message } = await findMessage(v1, request);
      const changed = await v1.ask(UpdateMessageRoute, { params: { id: message.id }, body });
      return ok({ message_id: changed.id, labels: labelsOf(changed) });
    },
  },
  {
    method: 'DELETE',
    path: '/inboxes/{inbox_id}/messages/{message_id}',
    async answer(request, v1) {
      const { message } = await findMessage(v1, request);
      await v1.ask(DeleteMessageRoute, { params: { id: message.id } });
      return DONE;
    },
  },
];
