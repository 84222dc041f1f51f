import { GetInboxRoute } from '@postern/contracts';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';

export type Thing = 'Inbox' | 'Message' | 'Thread' | 'Domain' | 'Webhook' | 'API key';

/** What is not there, nor of another organization: never told apart. */
export const notFound = (what: Thing): Problem => new Problem(404, 'not_found', `${what} not found`);

/** Names what is not there, as this system's errors do. @throws Problem a refusal. */
export async function found<T>(what: Thing, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof Problem && error.code === 'not_found' ? notFound(what) : error;
  }
}

/**
 * What belongs to the inbox that the path names. Whether that inbox exists is asked only where it matters.
 * @throws Problem a refusal; 404 of the inbox when there is none, else of the thing.
 */
export async function inInbox<T extends { inbox_id: string }>(
  v1: V1,
  inboxId: string,
  what: Thing,
  asked: Promise<T>,
): Promise<T> {
  const [answer] = await Promise.allSettled([found(what, asked)]);
  if (answer.status === 'fulfilled' && answer.value.inbox_id === inboxId) return answer.value;
  const isAbsent = answer.status === 'fulfilled' || (answer.reason as Problem).code === 'not_found';
  if (!isAbsent) throw (answer as PromiseRejectedResult).reason;
  const { id } = await found('Inbox', v1.ask(GetInboxRoute, { params: { inbox: inboxId } }));
  if (answer.status === 'fulfilled' && answer.value.inbox_id === id) return answer.value;
  throw notFound(what);
}
