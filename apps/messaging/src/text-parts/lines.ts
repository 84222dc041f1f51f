/** What the rules look at in one line; the rest of a longer line decides nothing. */
const HEAD_MAX_CHARS = 400;

/** One line of a text, with what is asked of it again and again. */
export interface Line {
  /** The beginning of the line, without its end. */
  head: string;
  blank: boolean;
  /** It carries the mark of a quote, or stood in an element that quotes. */
  quoted: boolean;
  /** It stood in an element that a mail client makes for signatures. */
  signed: boolean;
}

/** `>` after at most three spaces: RFC 3676 §4.5, and what clients add in front. */
const QUOTE_MARK = /^ {0,3}>/;

export function toLine(text: string, from: { quoted: boolean; signed: boolean } | null = null): Line {
  const head = text.slice(0, HEAD_MAX_CHARS);
  return {
    head,
    blank: /^\s*$/.test(head) && (text.length <= HEAD_MAX_CHARS || text.trim() === ''),
    quoted: from?.quoted === true || QUOTE_MARK.test(head),
    signed: from?.signed === true,
  };
}

/** Index of the next line at or after `from` that says something; the number of lines when there is none. */
export function nextSaid(lines: readonly Line[], from: number): number {
  let at = from;
  while (at < lines.length && lines[at]?.blank === true) at += 1;
  return at;
}
