import { foldCase } from './search-keys.js';

/** Of the text of a message, and of the texts of its attachments together, this much is searched. */
export const BODY_MAX_CHARS = 250_000;
/** Of HTML more, since most of it is markup. */
export const HTML_MAX_CHARS = 500_000;
export const ATTACHMENT_TEXTS_MAX_CHARS = 400_000;

/** Parts words in a text that is shown afterwards: a control character, which no text of a mail has. */
const JOINT = '\u001f';
/**
 * Scripts that write no spaces. Each character becomes a word of its own, so that a phrase of them is found wherever it
 * stands; words that a dictionary would part are not needed for that.
 */
const UNSPACED = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
/** In some locales PostgreSQL takes everything beyond ASCII for letters, and everywhere `<` for the begin of a tag. */
const NO_LETTER = String.raw`[<>]|[^\p{L}\p{N}\p{M}\p{ASCII}]`;
const TO_BE_PARTED = new RegExp(`${NO_LETTER}|${UNSPACED}`, 'gu');
const IS_UNSPACED = new RegExp(UNSPACED, 'u');
const BETWEEN_NAMES = /[^\p{L}\p{N}\p{M}]+/gu;

/** The words of a text, for the index and for what it is asked: the same whatever locale the database has. */
export const wordsOf = (text: string): string =>
  foldCase(text).replace(TO_BE_PARTED, (char) => (IS_UNSPACED.test(char) ? ` ${char} ` : ' '));
/** The words of a name such as `ann.lee@example.com` or `report_2024.pdf`. */
const wordsOfName = (name: string): string => wordsOf(name.replace(BETWEEN_NAMES, ' '));

/** Makes the same words visible in a text that {@link joined} makes whole again. */
export const parted = (text: string): string => text.replaceAll(JOINT, '').replace(TO_BE_PARTED, `${JOINT}$&${JOINT}`);
export const partedName = (name: string): string => parted(name).replace(BETWEEN_NAMES, `${JOINT}$&${JOINT}`);
export const joined = (text: string): string => text.replaceAll(JOINT, '');

/** What a message is searched by. */
export interface SearchedMessage {
  subject: string | null;
  from_address: string;
  from_name: string | null;
  text_body: string | null;
  html_body: string | null;
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

const MARKUP = /<[^<>]*>|&#?\w{1,32};/g;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** What is left of HTML without its markup. */
export const withoutMarkup = (html: string): string => html.replace(MARKUP, ' ');

/** The words of HTML, when they are not those of the text beside it. */
function wordsOfHtml(html: string, words: string): string {
  if (html === '') return '';
  const ofHtml = wordsOf(withoutMarkup(html)).slice(0, BODY_MAX_CHARS).toWellFormed();
  const known = new Set(words.match(WORD));
  return (ofHtml.match(WORD) ?? []).every((word) => known.has(word)) ? '' : ofHtml;
}

export function indexedText(message: SearchedMessage): IndexedText {
  const { subject, from_name, from_address, filenames } = message;
  const names = [from_name ?? '', from_address, ...filenames];
  const title = [subject ?? '', ...names].map(wordsOf).concat(names.map(wordsOfName));
  const text = wordsOf(cut(message.text_body, BODY_MAX_CHARS));
  const html = wordsOfHtml(cut(message.html_body, HTML_MAX_CHARS), text);
  const ofAttachments = wordsOf(cut(message.attachment_text, ATTACHMENT_TEXTS_MAX_CHARS));
  return { subject: foldCase(subject ?? ''), title: title.join('\n'), body: [text, html, ofAttachments].join('\n') };
}
