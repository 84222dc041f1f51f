import { sameIdAs, type MessageId } from '../ids.js';

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/**
 * The message that a fact speaks of, or null. A mail that came in is the message that it becomes: both ids have the
 * same end.
 * @param data  of a fact of the catalogue. Only looked at, not checked.
 */
export function messageOf(data: unknown): MessageId | null {
  const named =
    fieldOf(data, 'messageId') ??
    fieldOf(fieldOf(data, 'message'), 'id') ??
    fieldOf(fieldOf(data, 'dispatch'), 'messageId');
  if (typeof named === 'string') return named as MessageId;
  const mail = fieldOf(data, 'mailId') ?? fieldOf(fieldOf(data, 'received'), 'mailId');
  return typeof mail === 'string' ? sameIdAs('msg', mail) : null;
}
