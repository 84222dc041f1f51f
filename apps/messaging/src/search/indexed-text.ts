import { foldCase } from './search-keys.js';

/** Of the text of a message, and of the texts of its attachments together, this much is searched. */
export const BODY_MAX_CHARS = 250_000;
export const ATTACHMENT_TEXTS_MAX_CHARS = 400_000;

/** Parts words without being seen; the parser of PostgreSQL takes it for a space. */
const ZERO_WIDTH_SPACE = '\u200b';
/**
 * Scripts that write no spaces. Each character becomes a word of its own, so that a phrase of them is found wherever it
 * stands; words that a dictionary would part are not needed for that.
 */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu;

/** Makes the words of unspaced scripts visible to the parser. */
export const partWords = (text: string): string => text.replace(UNSPACED, `${ZERO_WIDTH_SPACE}$&${ZERO_WIDTH_SPACE}`);
/** Also parts names such as `ann.lee@example.com` and `report_2024.pdf`, of which every part is a word. */
export const partNames = (name: string): string =>
  partWords(name).replace(/[^\p{L}\p{N}\p{M}]+/gu, (between) => `${ZERO_WIDTH_SPACE}${between}${ZERO_WIDTH_SPACE}`);
/** Takes back what {@link partWords} and {@link partNames} put in. */
export const joinWords = (text: string): string => text.replaceAll(ZERO_WIDTH_SPACE, '');

/** What a message is searched by. */
export interface SearchedMessage {
  subject: string | null;
  from_address: string;
  from_name: string | null;
  /** Text, or HTML where there is no text: the parser leaves tags out. */
  body: string | null;
  filenames: readonly string[];
  attachment_text: string | null;
}

export interface IndexedText {
  /** Folded. */
  subject: string;
  title: string;
  body: string;
}

/** A cut may fall into a surrogate pair, and half of one cannot be stored. */
const cut = (text: string | null, max: number): string => (text ?? '').slice(0, max).toWellFormed();

export function indexedText(message: SearchedMessage): IndexedText {
  const names = [message.from_name ?? '', message.from_address, ...message.filenames];
  const title = [partWords(message.subject ?? ''), ...names, ...names.map(partNames)].join('\n');
  const body = [cut(message.body, BODY_MAX_CHARS), cut(message.attachment_text, ATTACHMENT_TEXTS_MAX_CHARS)];
  return { subject: foldCase(message.subject ?? ''), title: title.toWellFormed(), body: partWords(body.join('\n')) };
}
