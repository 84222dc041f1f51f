import type { Message } from '@postern/contracts';
import { classify, CLASSIFIED_LINES_MAX, type PartKind } from './classify.js';
import { toLine } from './lines.js';

type TextPart = Message['text_parts'][number];

/** What comes later goes with the last part: every reader of a list waits for this. */
const CHARS_MAX = 512 * 1024;

/**
 * Tells what is new in the text of a mail from history, signature and boilerplate.
 * Nothing is left out: the texts of the parts, one after the other, are the text. Pure; time grows with the length of the
 * text up to a bound, whatever stands in it.
 */
export function textParts(text: string): TextPart[] {
  if (text === '') return [];
  const pieces = piecesOf(text);
  const kinds = classify(pieces.map((piece) => toLine(piece.replace(/\r?\n$/, ''))));
  return joined(pieces, kinds);
}

/** Lines with their ends; the last piece is all that is beyond the bounds. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length && pieces.length < CLASSIFIED_LINES_MAX && at < CHARS_MAX) {
    const end = text.indexOf('\n', at);
    const next = end === -1 ? text.length : end + 1;
    pieces.push(text.slice(at, next));
    at = next;
  }
  const last = pieces.length - 1;
  if (at < text.length) pieces[last] = `${pieces[last]}${text.slice(at)}`;
  return pieces;
}

/** Neighbours of one kind are one part. */
function joined(pieces: readonly string[], kinds: readonly PartKind[]): TextPart[] {
  const parts: { kind: PartKind; pieces: string[] }[] = [];
  for (const [at, piece] of pieces.entries()) {
    const kind = kinds[at] ?? 'new';
    const last = parts.at(-1);
    if (last?.kind === kind) last.pieces.push(piece);
    else parts.push({ kind, pieces: [piece] });
  }
  return parts.map((part) => ({ kind: part.kind, text: part.pieces.join('') }));
}
