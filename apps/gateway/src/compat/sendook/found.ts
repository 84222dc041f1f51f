import { GetInboxRoute } from '@postern/contracts';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';

export type Thing = 'Inbox' | 'Message' | 'Thread' | 'Domain' | 'Webhook' | 'API key';

/** What is not there, or of another organization: never told apart. */
export const notFound = (what: Thing): Problem => new Problem(404, 'not_found', `${what} not found`);

/** @returns null for what is not there. @throws Problem any other refusal. */
async function unlessAbsent<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return null;
    throw error;
  }
}

/** Names what is not there, as this system's errors do. @throws Problem a refusal. */
export async function found<T extends object>(what: Thing, asked: Promise<T>): Promise<T> {
  const thing = await unlessAbsent(asked);
  if (thing === null) throw notFound(what);
  return thing;
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
  const thing = await unlessAbsent(asked);
  if (thing?.inbox_id === inboxId) return thing;
  const { id } = await found('Inbox', v1.ask(GetInboxRoute, { params: { inbox: inboxId } }));
  if (thing?.inbox_id !== id) throw notFound(what);
  return thing;
}
