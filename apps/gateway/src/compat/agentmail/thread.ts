import { ListMessagesRoute, type Thread, writeAddress } from '@postern/contracts';
import type { z } from 'zod';
import type { MessageJson } from '../get-message.js';
import { firstEntries } from '../pages.js';
import type { V1 } from '../v1.js';
import { labelsOf } from './labels.js';
import { previewOf, shownAttachment, sizeOf } from './message.js';
import { present } from './words.js';

export type ThreadJson = z.input<typeof Thread>;

/** More messages of one thread are not looked at to say who wrote and what is in it. */
const LOOKED_AT = 100;

/** The newest messages of a thread, newest first. */
export const newestOf = (v1: V1, threadId: string): Promise<MessageJson[]> =>
  firstEntries(v1, ListMessagesRoute, LOOKED_AT, { query: { thread_id: threadId } });

const unique = (texts: string[]): string[] => [...new Set(texts)];
const newestTime = (messages: MessageJson[], direction: MessageJson['direction']): string | undefined =>
  messages.find((message) => message.direction === direction)?.created_at;

/**
 * A thread as its clients know it: much of it is told by its messages.
 * @param messages  newest first. @param inboxId  the address of its inbox.
 */
export function shownThread(thread: ThreadJson, messages: MessageJson[], inboxId: string) {
  const timestamp = thread.last_message_at ?? thread.created_at;
  const attachments = messages.flatMap((message) => message.attachments).map(shownAttachment);
  return present({
    inbox_id: inboxId,
    thread_id: thread.id,
    labels: unique([...messages.flatMap(labelsOf), ...thread.labels]),
    timestamp,
    received_timestamp: newestTime(messages, 'inbound'),
    sent_timestamp: newestTime(messages, 'outbound'),
    senders: unique(messages.map(({ from }) => writeAddress(from))),
    recipients: unique(messages.flatMap(({ to, cc, bcc }) => [...to, ...cc, ...bcc]).map(writeAddress)),
    subject: thread.subject,
    preview: previewOf(messages[0]?.text ?? null),
    attachments: attachments.length === 0 ? undefined : attachments,
    last_message_id: thread.last_message_id,
    message_count: thread.message_count,
    size: messages.reduce((sum, message) => sum + sizeOf(message), 0),
    updated_at: messages.map((message) => message.updated_at).reduce((a, b) => (a > b ? a : b), timestamp),
    created_at: thread.created_at,
  });
}
