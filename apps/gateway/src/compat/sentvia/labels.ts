import { Label, ListMessagesRoute, UpdateMessageRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontReply, FrontRequest, FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import { pagesOf } from '../pages.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { labelNameOf, labelOf } from './label.js';
import { messageOf } from './message.js';

const CreateLabel = z.strictObject({ name: Label, color: z.string().optional() });
const OfMessage = z.strictObject({ message_id: z.string() });

const change = (v1: V1, id: string, how: 'add_labels' | 'remove_labels', name: string): Promise<MessageJson> =>
  v1.ask(UpdateMessageRoute, { params: { id }, body: { [how]: [name] } });

async function changeOne(
  { params, body }: FrontRequest,
  v1: V1,
  how: 'add_labels' | 'remove_labels',
): Promise<FrontReply> {
  const name = labelNameOf(params['id'] ?? '');
  const { message_id } = OfMessage.parse(body ?? {});
  return { status: 200, body: messageOf(await change(v1, message_id, how, name)) };
}

/** The words on the newest thousand messages. */
async function labelsInUse(v1: V1): Promise<string[]> {
  const names = new Set<string>();
  for await (const { data } of pagesOf(v1, ListMessagesRoute)) {
    for (const { labels } of data) for (const name of labels) names.add(name);
  }
  return [...names].toSorted();
}

/** Safe to repeat. @throws Problem when more than a thousand messages had it, and some still have. */
async function takeOffAll(v1: V1, name: string): Promise<void> {
  let more = false;
  for await (const { data, has_more } of pagesOf(v1, ListMessagesRoute, { query: { label: name } })) {
    for (const { id } of data) await takeOff(v1, id, name);
    more = has_more;
  }
  if (more) throw new Problem(409, 'label_in_use', 'Delete it again: it was on many messages, and is still on some.');
}

/** A message that was deleted meanwhile has lost the label, too. */
async function takeOff(v1: V1, id: string, name: string): Promise<void> {
  try {
    await change(v1, id, 'remove_labels', name);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'not_found') throw thrown;
  }
}

export const labelRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/labels',
    async answer({ body }) {
      return { status: 201, body: labelOf(CreateLabel.parse(body ?? {}).name) };
    },
  },
  {
    method: 'GET',
    path: '/labels',
    async answer(_request, v1) {
      return { status: 200, body: (await labelsInUse(v1)).map(labelOf) };
    },
  },
  {
    method: 'DELETE',
    path: '/labels/{id}',
    async answer({ params }, v1) {
      await takeOffAll(v1, labelNameOf(params['id'] ?? ''));
      return { status: 204 };
    },
  },
  { method: 'POST', path: '/labels/{id}/assign', answer: (request, v1) => changeOne(request, v1, 'add_labels') },
  { method: 'POST', path: '/labels/{id}/unassign', answer: (request, v1) => changeOne(request, v1, 'remove_labels') },
];
