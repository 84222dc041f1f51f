import { addressKey, type Message } from '@postern/contracts';

/** Longer than any address, label or part of a subject that can be asked for. */
const KEY_MAX_CHARS = 300;
const GRAM_CHARS = 3;
/** Enough of them to leave only a handful of wrong candidates, which are compared as a whole afterwards. */
const ASKED_GRAMS_MAX = 24;

/** The form in which texts are compared without case, the same for what is stored and what is asked. */
export const foldCase = (text: string): string => text.normalize('NFC').toLowerCase();

/** Exact properties of a message, as the index knows them. The letter keeps one kind apart from the others. */
export const searchKey = {
  direction: (direction: Message['direction']): string => `d:${direction}`,
  withAttachments: 'a:yes',
  from: (address: string): string => `f:${addressKey(address)}`,
  to: (address: string): string => `t:${addressKey(address)}`,
  label: (label: string): string => `l:${label}`,
};

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * What a subject is found by: every run of three characters. Of characters beyond ASCII also every one and two, since
 * in some scripts that is a word.
 * @param subject  folded.
 */
export function subjectGrams(subject: string): string[] {
  const chars = [...subject];
  const grams = new Set<string>();
  for (const start of chars.keys()) {
    for (let length = 1; length <= GRAM_CHARS && start + length <= chars.length; length += 1) {
      const gram = chars.slice(start, start + length).join('');
      if (length === GRAM_CHARS || !isPlain(gram)) grams.add(`g:${gram}`);
    }
  }
  return [...grams];
}

/**
 * Grams that every subject with this part has.
 * @param part  folded.
 * @returns none for one or two ASCII characters, which nearly every subject has: such parts are only compared.
 */
export function gramsOfPart(part: string): string[] {
  const chars = [...part];
  if (chars.length < GRAM_CHARS) return isPlain(part) ? [] : [`g:${part}`];
  const grams = chars.slice(GRAM_CHARS - 1).map((_, start) => `g:${chars.slice(start, start + GRAM_CHARS).join('')}`);
  return [...new Set(grams)].slice(0, ASKED_GRAMS_MAX);
}

/** What keys are made of. */
export interface KeyedMessage {
  direction: Message['direction'];
  from_address: string;
  to_keys: readonly string[];
  labels: readonly string[];
  /** Folded. */
  subject: string;
  hasAttachments: boolean;
}

/** Every key of a message, without its places. */
export function keysOf(message: KeyedMessage): string[] {
  const keys = [
    searchKey.direction(message.direction),
    ...(message.hasAttachments ? [searchKey.withAttachments] : []),
    searchKey.from(message.from_address),
    ...message.to_keys.map(searchKey.to),
    ...message.labels.map(searchKey.label),
    ...subjectGrams(message.subject),
  ];
  return keys.filter((key) => key.length <= KEY_MAX_CHARS);
}
