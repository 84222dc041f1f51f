import type { FrontRequest } from '../front.js';
import { getMessage, type MessageJson } from '../get-message.js';
import type { V1 } from '../v1.js';
import { type InboxJson, inboxOf } from './inbox-of.js';
import { absent } from './refusal.js';

export interface Found {
  inbox: InboxJson;
  message: MessageJson;
}

/** The message of a path, in the inbox of the path. @throws Problem `not_found` when it is in another one. */
export async function findMessage(v1: V1, request: FrontRequest, id = request.params['message_id']): Promise<Found> {
  const inbox = await inboxOf(v1, request);
  const message = await getMessage(v1, id ?? '');
  if (message.inbox_id !== inbox.id) throw absent();
  return { inbox, message };
}
