import { UpdateMessageRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { getMessage, type MessageJson } from '../get-message.js';
import type { V1 } from '../v1.js';
import { type InboxJson, inboxOf } from './inbox-of.js';
import { labelsOf } from './labels.js';
import { shownItem } from './message.js';
import { readLabelChange } from './messages.js';
import { orNull } from './or-null.js';
import { ok } from './words.js';

/** As documented. */
const GET_MAX = 500;
const UPDATE_MAX = 50;
/** Questions that are asked of `/v1` at once. */
const AT_ONCE = 10;

const ids = (max: number) =>
  z
    .array(z.string())
    .min(1)
    .max(max)
    .refine((given) => new Set(given).size === given.length, { message: 'must name each message once' });
const GetBody = z.strictObject({ message_ids: ids(GET_MAX) });
const UpdateBody = z.looseObject({ message_ids: ids(UPDATE_MAX) });

/** Null for ids of no message of the inbox: they are left out, as documented. */
async function messageIn(v1: V1, inbox: InboxJson, id: string): Promise<MessageJson | null> {
  const message = await orNull(getMessage(v1, id));
  return message?.inbox_id === inbox.id ? message : null;
}

/** The messages of the ids that are there, in their order. */
async function messagesIn(v1: V1, request: FrontRequest, wanted: readonly string[]) {
  const inbox = await inboxOf(v1, request);
  const found: (MessageJson | null)[] = [];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const asked = wanted.slice(from, from + AT_ONCE).map((id) => messageIn(v1, inbox, id));
    found.push(...(await Promise.all(asked)));
  }
  return { inbox, messages: found.filter((message) => message !== null) };
}

export const batchRoutes: FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/messages/batch-get',
    async answer(request, v1) {
      const { message_ids: wanted } = GetBody.parse(request.body);
      const { inbox, messages } = await messagesIn(v1, request, wanted);
      const shown = messages.map((message) => shownItem(message, inbox.address));
      return ok({ limit: wanted.length, count: shown.length, messages: shown });
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/messages/batch-update',
    async answer(request, v1) {
      const { message_ids: wanted, ...labels } = UpdateBody.parse(request.body);
      const body = readLabelChange(labels);
      const { messages } = await messagesIn(v1, request, wanted);
      const updates: object[] = [];
      for (const { id } of messages) {
        const changed = await v1.ask(UpdateMessageRoute, { params: { id }, body });
        updates.push({ message_id: id, labels: labelsOf(changed) });
      }
      return ok({ limit: wanted.length, count: updates.length, updates });
    },
  },
];
