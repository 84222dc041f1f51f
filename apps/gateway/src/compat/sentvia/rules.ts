import type { ListEntry } from '@postern/contracts';
import type { z } from 'zod';

type Entry = z.input<typeof ListEntry>;

/** Where the id of a rule stands for two entries. */
const JOINT = '+';

/** The entries that a rule of Sentvia is made of. */
export const entryIdsOf = (ruleId: string): string[] => ruleId.split(JOINT);

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

/** Our entries as rules of Sentvia, in their order: what is said for sending and for receiving is one rule for both. */
export function rulesOf(entries: readonly Entry[]): Rule[] {
  const taken = new Set<Entry>();
  return entries.flatMap((entry): Rule[] => {
    if (taken.has(entry)) return [];
    const pair = entries.find((other) => !taken.has(other) && (opposite(entry, other) || opposite(other, entry)));
    if (pair === undefined) return [ruleOf(entry)];
    taken.add(entry).add(pair);
    // Ids sort by the time they were made.
    const [first, second] = entry.id < pair.id ? [entry, pair] : [pair, entry];
    return [{ ...ruleOf(first), id: first.id + JOINT + second.id, direction: 'both' }];
  });
}
