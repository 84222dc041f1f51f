import { ListInboxMessagesRoute } from '@postern/contracts';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';

/**
 * A thread is in one inbox, with all its messages.
 * @throws Problem `not_found` when it is not in this one.
 */
export async function mustHoldThread(v1: V1, inbox: string, thread_id: string): Promise<void> {
  const { data } = await v1.ask(ListInboxMessagesRoute, { params: { inbox }, query: { thread_id, limit: 1 } });
  if (data.length === 0) throw new Problem(404, 'not_found', 'There is nothing of this id in this inbox.');
}
