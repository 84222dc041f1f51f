import { MessageIdHeader } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';

type Ancestor = Pick<
  MessageWithState,
  'own_message_id' | 'wire_message_id' | 'received_id' | 'in_reply_to' | 'reference_ids'
>;

/** The most ids that a body may name. */
const REFERENCES_MAX = 100;

const isUsable = (id: string | null): id is string => id !== null && MessageIdHeader.safeParse(id).success;

/** The Message-ID under which others know a message: the one on the wire. Null for mail that came without a usable one. */
export function knownId({ wire_message_id, own_message_id, received_id }: Ancestor): string | null {
  return [wire_message_id, own_message_id, received_id].find(isUsable) ?? null;
}

/**
 * The References of a message that follows another one (RFC 5322 §3.6.4): those of the other one, else what it answers, and
 * the other one itself under every id that it has. The oldest stays, then the nearest.
 */
export function followingReferences(message: Ancestor): string[] {
  const former = message.reference_ids.length > 0 ? message.reference_ids : [message.in_reply_to];
  const chain = [...former, message.own_message_id, message.received_id, message.wire_message_id].filter(isUsable);
  // The last place of an id counts: a reader goes from right to left.
  const unique = [...new Set(chain.toReversed())].toReversed();
  return unique.length <= REFERENCES_MAX ? unique : [...unique.slice(0, 1), ...unique.slice(1 - REFERENCES_MAX)];
}
