import type { ListEntry } from '@postern/contracts';
import type { z } from 'zod';

type Entry = z.input<typeof ListEntry>;

/** `reply` is ours alone, and shown as it is. */
const DIRECTION = { receive: 'inbound', send: 'outbound', reply: 'reply' } as const;

const ruleOf = ({ id, inbox_id, kind, direction, pattern, reason, created_at }: Entry) => ({
  id,
  inbox_id,
  kind,
  direction: DIRECTION[direction] as 'inbound' | 'outbound' | 'both' | 'reply',
  pattern,
  reason,
  created_at,
});
type Rule = ReturnType<typeof ruleOf>;

const opposite = (one: Entry, other: Entry): boolean =>
  one.kind === other.kind &&
  one.pattern === other.pattern &&
  one.inbox_id === other.inbox_id &&
  one.direction === 'send' &&
  other.direction === 'receive';

/**
 * Our entries as rules of Sentvia, in their order: what is said for sending and for receiving is one rule for both.
 * @param joint  between the ids of the two entries in the id of such a rule
 */
export function rulesOf(entries: readonly Entry[], joint: string): Rule[] {
  const taken = new Set<Entry>();
  return entries.flatMap((entry): Rule[] => {
    if (taken.has(entry)) return [];
    const pair = entries.find((other) => !taken.has(other) && (opposite(entry, other) || opposite(other, entry)));
    if (pair === undefined) return [ruleOf(entry)];
    taken.add(entry).add(pair);
    return [{ ...ruleOf(entry), id: [entry.id, pair.id].toSorted().join(joint), direction: 'both' }];
  });
}
