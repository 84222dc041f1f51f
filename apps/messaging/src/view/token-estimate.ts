/** What runs of characters cost, at most times: measured against two vocabularies on the mail corpus, see ADR 22. */
const WORD_CHARS_PER_TOKEN = 6;
/** Words that are none: mixed case inside, or very long. */
const CODE_CHARS_PER_TOKEN = 2;
const WORD_MAX_CHARS = 20;
const DIGITS_PER_TOKEN = 2.5;
const PUNCTUATION_TOKENS = 0.8;
const GAP_TOKENS = 0.6;
const OTHER_LETTER_TOKENS = 0.7;

/**
 * About how many tokens a model counts for a text: a rule, so that it needs no vocabulary and is the same for every model.
 * Time grows with the length.
 */
export const estimateTokens = (text: string): number => Math.ceil(scan(text, Number.POSITIVE_INFINITY).tokens);

/** How many characters from the beginning cost at most so many tokens. */
export const charsWithin = (text: string, maxTokens: number): number => scan(text, maxTokens).end;

type Kind = 'word' | 'digits' | 'lines' | 'gap' | 'punctuation' | 'other';

/** Adds up runs of one kind, until the next would be too much. A character at a time: every text of every reader comes by. */
function scan(text: string, maxTokens: number): { tokens: number; end: number } {
  let tokens = 0;
  let at = 0;
  while (at < text.length) {
    const kind = kindOf(text.charCodeAt(at));
    let end = at + 1;
    // Punctuation and other letters count one by one.
    if (kind !== 'punctuation' && kind !== 'other') {
      while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end += 1;
    }
    const cost = costOf(kind, text, at, end);
    if (tokens + cost > maxTokens) break;
    tokens += cost;
    at = end;
  }
  return { tokens, end: at };
}

function kindOf(code: number): Kind {
  if (isLower(code) || isUpper(code)) return 'word';
  if (code >= 0x30 && code <= 0x39) return 'digits';
  if (code === 0x0a) return 'lines';
  if (code === 0x20 || code === 0x09) return 'gap';
  return code < 0x80 ? 'punctuation' : 'other';
}

const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;

function costOf(kind: Kind, text: string, from: number, end: number): number {
  const length = end - from;
  switch (kind) {
    case 'word':
      return Math.ceil(length / (isCode(text, from, end) ? CODE_CHARS_PER_TOKEN : WORD_CHARS_PER_TOKEN));
    case 'digits':
      return Math.ceil(length / DIGITS_PER_TOKEN);
    case 'lines':
      return 1;
    case 'gap':
      // A single space is part of the word behind it.
      return length === 1 ? 0 : GAP_TOKENS;
    case 'punctuation':
      return PUNCTUATION_TOKENS;
    case 'other':
      // The second half of a surrogate pair was counted with the first.
      return isSecondHalf(text.charCodeAt(from)) ? 0 : OTHER_LETTER_TOKENS;
  }
}

function isCode(text: string, from: number, end: number): boolean {
  if (end - from > WORD_MAX_CHARS) return true;
  for (let at = from + 1; at < end; at += 1) {
    if (isUpper(text.charCodeAt(at)) && isLower(text.charCodeAt(at - 1))) return true;
  }
  return false;
}

const isSecondHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
