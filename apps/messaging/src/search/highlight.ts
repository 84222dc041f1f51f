import type { Highlights } from '@postern/contracts';
import { BEFORE_HIT_CHARS, HIT_BEGINS, HIT_ENDS, type Passage, PASSAGE_MAX_CHARS } from '../store/highlight.store.js';
import { joined, parted, partedName, withoutMarkup } from './indexed-text.js';

const FILENAMES_MAX = 20;

/** What a message shows of where it was found. */
export interface Highlightable {
  id: string;
  subject: string | null;
  from: { address: string; name: string | null };
  text: string | null;
  html: string | null;
  attachments: readonly { filename: string }[];
}

/** A passage and the field that it is of. */
export interface FieldPassage extends Passage {
  id: string;
  field: keyof Highlights;
}

const MARKS = /[\ue000-\ue002]/g;

/** Where the first of some words stands, -1 without any; the words are base forms, with which most of theirs begin. */
function firstHit(text: string, lexemes: readonly string[]): number {
  const folded = text.toLowerCase();
  const places = lexemes.map((lexeme) => folded.indexOf(lexeme)).filter((place) => place >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}

function around(text: string, hit: number): string {
  const start = Math.max(0, hit - BEFORE_HIT_CHARS);
  return text.slice(start, start + PASSAGE_MAX_CHARS).toWellFormed();
}

/** The part of a message's text that has a hit, or of its HTML where only that has one. */
function passageOfBody({ text, html }: Highlightable, lexemes: readonly string[]): string {
  const hit = firstHit(text ?? '', lexemes);
  if (hit >= 0 || html === null) return around(text ?? '', hit);
  const ofHtml = withoutMarkup(html);
  const hitInHtml = firstHit(ofHtml, lexemes);
  return hitInHtml < 0 ? around(text ?? '', hit) : around(ofHtml, hitInHtml).replace(/\s+/g, ' ').trim();
}

/**
 * Everything of a message in which hits may be marked.
 * @param inAttachments  parts of the texts of attachments. @param lexemes  base forms of the words.
 */
export function passagesOf(
  message: Highlightable,
  inAttachments: readonly string[],
  lexemes: readonly string[],
): FieldPassage[] {
  const { id, subject, from, attachments } = message;
  const plain = (value: string): string => value.replace(MARKS, '');
  const sender = from.name === null ? from.address : `${from.name} <${from.address}>`;
  return [
    { id, field: 'subject' as const, text: parted(plain(subject ?? '')), whole: true },
    { id, field: 'from' as const, text: partedName(plain(sender)), whole: true },
    { id, field: 'text' as const, text: parted(plain(passageOfBody(message, lexemes))), whole: false },
    ...attachments.slice(0, FILENAMES_MAX).map(({ filename }) => ({
      id,
      field: 'attachments' as const,
      text: partedName(plain(filename)),
      whole: true,
    })),
    ...inAttachments.map((passage) => ({
      id,
      field: 'attachment_text' as const,
      text: parted(plain(passage)),
      whole: false,
    })),
  ].filter((passage) => passage.text !== '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A marked piece as HTML text. */
const toHtml = (piece: string): string =>
  joined(piece)
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
    .replaceAll(HIT_BEGINS, '<mark>')
    .replaceAll(HIT_ENDS, '</mark>')
    .replaceAll('</mark><mark>', '');

/** @param pieces  of each passage, in the same order. @returns the highlights of each message that has any. */
export function highlightsOf(passages: readonly FieldPassage[], pieces: readonly string[][]): Map<string, Highlights> {
  const found = new Map<string, Highlights>();
  for (const [index, { id, field }] of passages.entries()) {
    const shown = (pieces[index] ?? []).map(toHtml);
    const highlights = found.get(id) ?? {};
    if (shown.length > 0) found.set(id, { ...highlights, [field]: [...(highlights[field] ?? []), ...shown] });
  }
  return found;
}
