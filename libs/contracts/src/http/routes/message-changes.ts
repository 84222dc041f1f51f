import { z } from 'zod';
import { MessageId } from '../../ids.js';
import { Message } from '../message.js';
import { UpdateMessageBody } from '../update-message.js';
import { defineRoute } from './route.js';

const tag = 'Messages';
const one = { params: z.strictObject({ id: MessageId }), subject: 'message' } as const;

export const UpdateMessageRoute = defineRoute({
  id: 'update_message',
  method: 'PATCH',
  path: '/v1/messages/{id}',
  tag,
  scope: 'messages:write',
  summary: 'Change the labels, the metadata or the time of a message',
  description:
    '`send_at` moves a message while it is `scheduled`; null, or a time that is over, sends it at once. Afterwards it is 409 `invalid_state`, and nothing else of the request is done.',
  ...one,
  body: UpdateMessageBody,
  status: 200,
  response: Message,
  errors: ['invalid_state'],
  example: { add_labels: ['urgent'], remove_labels: ['new'], metadata: { ticket: '4711' } },
});

export const CancelMessageRoute = defineRoute({
  id: 'cancel_message',
  method: 'POST',
  path: '/v1/messages/{id}/cancel',
  tag,
  scope: 'messages:send',
  summary: 'Cancel a message that was not sent yet',
  description:
    'While it is `scheduled`, `held`, in its undo window, or waits for another reason. After a 200 it is certain never to be sent, and its credit is given back.',
  ...one,
  status: 200,
  response: Message,
  errors: ['invalid_state'],
});

export const ReleaseMessageRoute = defineRoute({
  id: 'release_message',
  method: 'POST',
  path: '/v1/messages/{id}/release',
  tag,
  scope: 'approvals:write',
  summary: 'Let a withheld message be read',
  description:
    'Its text, attachments and original are shown to everybody who may read messages, it is found by its words, and `message.released` tells its content. It is `clean` from then on; what the scan found stays in `security`. 409 `invalid_state` when the message is not withheld, or not any more.',
  ...one,
  status: 200,
  response: Message,
  errors: ['invalid_state'],
});
