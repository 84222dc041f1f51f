import { type AppError, validationError } from '@postern/platform';
import { wordsOf } from './indexed-text.js';

/** Each is looked up in the index; more of them find nothing that fewer would not. */
const TERMS_MAX = 32;

/** One thing that a search asks for. */
export interface SearchTerm {
  /** As the index has it. */
  text: string;
  /** In quotes: these words, in this order. */
  isPhrase: boolean;
  /** After a minus: what must not be there. */
  isNegated: boolean;
}

/** The refusal of a search that asks for nothing. */
export const noWord = (): AppError => validationError([{ path: 'q', message: 'must have at least one word' }]);

/** Minus signs, then a phrase in quotes (a missing second one is at the end) or a word. */
const TERM = /(-*)(?:"([^"]*)"?|([^\s"]+))/g;
const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * Reads a search: words, "phrases" and -not, all of which must be true of a message.
 * @throws AppError `validation_error` without any word in it, or with more than {@link TERMS_MAX}.
 */
export function parseSearch(q: string): SearchTerm[] {
  const terms = [...q.replace(/[“”„«»]/g, '"').matchAll(TERM)].map(([, minus, phrase, word]) => ({
    text: wordsOf(phrase ?? word ?? ''),
    isPhrase: phrase !== undefined,
    isNegated: minus !== '',
  }));
  const asked = terms.filter(({ text }) => HAS_WORD.test(text));
  if (asked.length === 0) throw noWord();
  if (asked.length <= TERMS_MAX) return asked;
  throw validationError([{ path: 'q', message: `must have at most ${TERMS_MAX} words and phrases` }]);
}
