import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import { ElementLooks, type Attributes } from './element-looks.js';
import type { HidingReason } from './hiding.js';
import { StyleSheet } from './style-sheet.js';

export type { Attributes } from './element-looks.js';

/** Fed in pieces, so that a hostile part can be left in its middle and others get a turn. */
const PIECE_CHARS = 16 * 1024;
/** Deeper elements are no mail, and closing tags would each search the whole stack. Browsers stop at 512. */
const DEPTH_MAX = 512;
/** How long one reader keeps the process to itself: a small part of what an HTTP reply takes. */
const TURN_MAX_MS = 5;

/** Pictures inside attributes can be large and hold no text. SVG does, and stays. */
const INLINE_PICTURE = /data:image\/(?:png|jpe?g|gif|webp|bmp|x-icon);base64,[A-Za-z0-9+/=]+/gi;

/** Is told what stands in the HTML, in its order, with entities resolved and tags in lower case. */
export interface HtmlVisitor {
  /** @param hiding  why a person does not see what the element shows by itself, such as a picture. */
  open?(tag: string, attributes: Attributes, hiding: HidingReason | null): void;
  /** Also for elements that have no end tag, and for those that are open at the end. */
  close?(tag: string): void;
  /**
   * Never styles, scripts or the title; one text may come in several pieces.
   * @param hiding  why a person does not see it; null when it is seen.
   */
  text(text: string, hiding: HidingReason | null): void;
  comment?(text: string): void;
}

/** What was left out. */
export interface ReadingEnd {
  /** The HTML was longer than `maxChars`, or nested too deep: the visitor saw a part of it. */
  cut: boolean;
}

/**
 * Reads the HTML of a mail at once. htmlparser2 and not a DOM: one pass and no tree, so that time and memory grow with the
 * length only; where it reads broken markup otherwise than a browser, the text is told all the same. Never throws.
 * @param maxChars  longer HTML is cut there; embedded pictures do not count.
 */
export function readHtml(html: string, maxChars: number, visitor: HtmlVisitor): ReadingEnd {
  const steps = reading(html, maxChars, visitor);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As {@link readHtml}, letting others have their turn every few milliseconds. */
export async function readHtmlInTurns(html: string, maxChars: number, visitor: HtmlVisitor): Promise<ReadingEnd> {
  const steps = reading(html, maxChars, visitor);
  let turnEndsAt = performance.now() + TURN_MAX_MS;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < turnEndsAt) continue;
    await setImmediate();
    turnEndsAt = performance.now() + TURN_MAX_MS;
  }
}

type Steps<T> = Generator<undefined, T>;

function* reading(html: string, maxChars: number, visitor: HtmlVisitor): Steps<ReadingEnd> {
  const whole = html.replaceAll(INLINE_PICTURE, 'data:image');
  const text = whole.slice(0, maxChars);
  const looks = new ElementLooks(yield* styleSheetOf(text));
  const parser = new Parser(
    {
      onopentag: (tag, attributes) => {
        looks.open(tag, attributes);
        visitor.open?.(tag, attributes, looks.hiding);
      },
      onclosetag: (tag) => {
        looks.close();
        visitor.close?.(tag);
      },
      ontext: (piece) => {
        if (!looks.silent) visitor.text(piece, looks.hiding);
      },
      oncomment: (piece) => visitor.comment?.(piece),
    },
    { decodeEntities: true },
  );
  const wholeRead = yield* feed(text, parser, () => looks.depth);
  return { cut: !wholeRead || text.length < whole.length };
}

/** The rules of all style elements, read beforehand: they hold for what stands before them too. */
function* styleSheetOf(html: string): Steps<StyleSheet> {
  const sheet = new StyleSheet();
  if (!/<style/i.test(html)) return sheet;
  let depth = 0;
  let css: string | null = null;
  const parser = new Parser({
    onopentagname: (tag) => {
      depth += 1;
      if (tag === 'style') css = '';
    },
    onclosetag: (tag) => {
      depth -= 1;
      if (tag !== 'style' || css === null) return;
      sheet.add(css);
      css = null;
    },
    ontext: (text) => {
      if (css !== null) css += text;
    },
  });
  yield* feed(html, parser, () => depth);
  return sheet;
}

/** @returns false when the text was left in its middle because it nests too deep. */
function* feed(text: string, parser: Parser, depth: () => number): Steps<boolean> {
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    parser.write(text.slice(at, at + PIECE_CHARS));
    if (depth() > DEPTH_MAX) {
      parser.end();
      return false;
    }
    yield;
  }
  parser.end();
  return true;
}
