import { z } from 'zod';
import { addressKey } from './address-syntax.js';
import { patternsFitting } from './domain-pattern.js';
import type { AnsweredMail } from './events/messaging/message-accepted.v1.js';
import type { ListDirection, ListKind } from './http/list-entry.js';
import { BlockReason } from './status.js';
import type { Tenant } from './tenant.js';

/** Why a list refuses somebody. */
export const ListReason = BlockReason.extract(['block_list', 'not_allowed']);
export type ListReason = z.infer<typeof ListReason>;

/** Somebody whom a list refuses to send to. */
export const RefusedRecipient = z.object({ address: z.string(), reason: ListReason });
export type RefusedRecipient = z.infer<typeof RefusedRecipient>;

/** What an entry says, as far as it decides. */
export interface ListRule {
  /** Of the inbox itself; else of the whole organization. */
  ofInbox: boolean;
  kind: ListKind;
  direction: ListDirection;
  pattern: string;
  requireAligned: boolean;
}

/** The lists of an inbox, or of its organization, for one direction. */
type ListLayer = Pick<ListRule, 'ofInbox' | 'direction'>;

/** All that the lists of an inbox and of its organization say about some addresses. */
export interface ListBook {
  /** Entries whose patterns fit any of the addresses. */
  rules: readonly ListRule[];
  /** Where there is an allow entry, whomever it is for. */
  allowOnly: readonly ListLayer[];
}

/** What must be known of the lists to rule on some addresses of an inbox. */
export interface ListQuestion extends Tenant {
  inboxId: string;
  directions: readonly ListDirection[];
  /** All that fit any of the addresses, each once. */
  patterns: readonly string[];
}

/** An answer to the n-th question: an entry that fits, or without a pattern that there is an allow entry. */
export interface ListBookRow extends Omit<ListRule, 'pattern'> {
  n: number;
  pattern: string | null;
}

/** Sorts answers to questions. @returns a book for each question, in their order. */
export function listBooks(count: number, rows: readonly ListBookRow[]): ListBook[] {
  const books = Array.from({ length: count }, (): { rules: ListRule[]; allowOnly: ListLayer[] } => ({
    rules: [],
    allowOnly: [],
  }));
  for (const { n, pattern, ...rule } of rows) {
    if (pattern === null) books[n]?.allowOnly.push(rule);
    else books[n]?.rules.push({ ...rule, pattern });
  }
  return books;
}

/** RFC 5321 §4.5.3.1.3: nothing longer is an address; what came from outside may be. */
const ADDRESS_MAX = 256;

/** The patterns that fit an address, narrowest first: itself, its domain, each wildcard over that. None for what is no address. */
export function patternsOf(address: string): string[] {
  const key = addressKey(address);
  const at = key.lastIndexOf('@');
  return at < 1 || key.length > ADDRESS_MAX ? [] : [key, ...patternsFitting(key.slice(at + 1))];
}

/**
 * Whether lists let an address be. The inbox's own lists come before those of the organization, and in each of the two the
 * directions in their order. The first that has an entry for the address decides, by the narrowest pattern; the first that
 * has allow entries, and none for it, refuses. Without a decision nobody is refused.
 * @param aligned  the address is proven to be the sender's: else allow entries that require it do not count.
 * Pure.
 */
export function listRuling(
  { rules, allowOnly }: ListBook,
  address: string,
  directions: readonly ListDirection[],
  aligned = true,
): ListReason | null {
  const patterns = patternsOf(address);
  for (const ofInbox of [true, false]) {
    for (const direction of directions) {
      const isHere = (one: ListLayer) => one.ofInbox === ofInbox && one.direction === direction;
      const here = rules.filter((rule) => isHere(rule) && (aligned || !rule.requireAligned));
      const narrowest = patterns
        .map((pattern) => here.find((rule) => rule.pattern === pattern))
        .find((rule) => rule !== undefined);
      if (narrowest !== undefined) return narrowest.kind === 'block' ? 'block_list' : null;
      if (allowOnly.some(isHere)) return 'not_allowed';
    }
  }
  return null;
}

/** Lists are asked in this order for whoever wrote the mail that is answered, and in the second form for everybody else. */
const TO_WRITERS = ['reply', 'send'] as const;
const TO_OTHERS = ['send'] as const;

/** Which directions can decide about an outbound message. @param isAnswer  it may answer received mail. */
export const sendDirections = (isAnswer: boolean): readonly ListDirection[] => (isAnswer ? TO_WRITERS : TO_OTHERS);

/** The recipients that lists refuse, each with the reason. */
export function refusedRecipients(
  book: ListBook,
  addresses: readonly string[],
  answers: AnsweredMail | null,
): RefusedRecipient[] {
  const writers = new Set(answers?.addresses);
  return addresses.flatMap((address) => {
    const reason = listRuling(book, address, writers.has(addressKey(address)) ? TO_WRITERS : TO_OTHERS);
    return reason === null ? [] : [{ address, reason }];
  });
}
