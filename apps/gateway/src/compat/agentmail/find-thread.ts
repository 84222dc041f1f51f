import { GetThreadRoute } from '@postern/contracts';
import type { FrontRequest } from '../front.js';
import type { V1 } from '../v1.js';
import { InboxAddresses, inboxIfNamed } from './inbox-of.js';
import { absent } from './refusal.js';
import type { ThreadJson } from './thread.js';

/** The thread of a path, in the inbox of the path if it names one. @throws Problem `not_found` */
export async function findThread(
  v1: V1,
  request: FrontRequest,
): Promise<{ thread: ThreadJson; addresses: InboxAddresses }> {
  const inbox = await inboxIfNamed(v1, request);
  const thread = await v1.ask(GetThreadRoute, { params: { id: request.params['thread_id'] ?? '' } });
  if (inbox !== undefined && thread.inbox_id !== inbox.id) throw absent();
  return { thread, addresses: new InboxAddresses(v1, inbox) };
}
