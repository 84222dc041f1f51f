import { Label, UpdateMessageRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontReply, FrontRequest, FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import type { V1 } from '../v1.js';
import { labelNameOf, labelOf } from './label.js';
import { messageOf } from './message.js';
import { notOffered } from './refusal.js';

const CreateLabel = z.strictObject({ name: Label, color: z.string().optional() });
const OfMessage = z.strictObject({ message_id: z.string() });

async function change(
  { params, body }: FrontRequest,
  v1: V1,
  how: 'add_labels' | 'remove_labels',
): Promise<FrontReply> {
  const name = labelNameOf(params['id'] ?? '');
  const { message_id: id } = OfMessage.parse(body ?? {});
  const message: MessageJson = await v1.ask(UpdateMessageRoute, { params: { id }, body: { [how]: [name] } });
  return { status: 200, body: messageOf(message) };
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
    async answer() {
      throw notOffered(
        'Labels are words on messages, and no list of them is kept: POST /labels tells the id of a name.',
      );
    },
  },
  {
    method: 'DELETE',
    path: '/labels/{id}',
    async answer() {
      throw notOffered('Labels are words on messages: take one off with POST /labels/{id}/unassign.');
    },
  },
  { method: 'POST', path: '/labels/{id}/assign', answer: (request, v1) => change(request, v1, 'add_labels') },
  { method: 'POST', path: '/labels/{id}/unassign', answer: (request, v1) => change(request, v1, 'remove_labels') },
];
