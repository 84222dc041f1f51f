import type { Attributes } from './element-looks.js';
import type { HidingReason } from './hiding.js';
import { readHtml, readHtmlInTurns, type HtmlVisitor } from './read-html.js';

/** Elements that say how a text is arranged, and nothing that acts, loads or is filled in. Others leave their text. */
export const SHOWN_TAGS: readonly string[] = [
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn',
  'div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s',
  'samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr',
].flatMap((line) => line.split(' '));
/**
 * Attributes that are kept, by element; `*` is every one. None of them shapes: without style, class and colour nothing can
 * be hidden by them.
 */
export const SHOWN_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  '*': ['dir', 'lang'],
  a: ['href'],
  img: ['src', 'alt'],
  ol: ['start', 'type'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
};
/**
 * Where an address may lead. A picture that lies elsewhere than in the mail (RFC 2392) would tell its sender who reads, and
 * when.
 */
const LEADS_TO: Readonly<Record<string, RegExp>> = { href: /^(?:https?:\/\/|mailto:)/i, src: /^cid:/i };
/** HTML Standard §13.1.2: elements without content and without an end tag. */
const VOID = new Set(['br', 'col', 'hr', 'img', 'wbr']);
const SHOWN = new Set(SHOWN_TAGS);
/** These hide a text and let an element in it show another one; the other reasons hide whatever is inside. */
const MAY_BE_OVERRULED: ReadonlySet<HidingReason> = new Set(['visibility', 'font_size', 'colour']);

/** The part of a mail's HTML that a person sees. */
export interface VisibleHtml {
  /** Well-formed but for elements that HTML leaves open; entities only for `&`, `<`, `>` and `"`. */
  html: string;
  /** The HTML was longer than was read, or nested too deep: this is its beginning. */
  cut: boolean;
}

/**
 * Writes HTML anew, without what a person does not see: hidden text, comments, style sheets, scripts, and every attribute
 * that is not in {@link SHOWN_ATTRIBUTES}. Links lead to the web or to an address, pictures are those of the mail; others keep
 * their text.
 * @param maxChars  longer HTML is cut there.
 */
export function visibleHtml(html: string, maxChars: number): VisibleHtml {
  const writer = new VisibleWriter();
  const { cut } = readHtml(html, maxChars, writer);
  return { html: writer.finish(), cut };
}

/** As {@link visibleHtml}, letting others have their turn every few milliseconds. */
export async function visibleHtmlInTurns(html: string, maxChars: number): Promise<VisibleHtml> {
  const writer = new VisibleWriter();
  const { cut } = await readHtmlInTurns(html, maxChars, writer);
  return { html: writer.finish(), cut };
}

interface Written {
  at: number;
  hides: boolean;
}

class VisibleWriter implements HtmlVisitor {
  private readonly pieces: string[] = [];
  /** For each open element where its tag was written; null when it was not. */
  private readonly written: (Written | null)[] = [];

  open(tag: string, attributes: Attributes, hiding: HidingReason | null): void {
    const isShown = SHOWN.has(tag) && (hiding === null || (MAY_BE_OVERRULED.has(hiding) && !VOID.has(tag)));
    this.written.push(isShown ? { at: this.pieces.length, hides: hiding !== null } : null);
    if (isShown) this.pieces.push(`<${tag}${hiding === null ? attributesOf(tag, attributes) : ''}>`);
  }

  close(tag: string): void {
    const opened = this.written.pop() ?? null;
    if (opened === null || VOID.has(tag)) return;
    // It hid everything that it had.
    if (opened.hides && opened.at === this.pieces.length - 1) this.pieces.pop();
    else this.pieces.push(`</${tag}>`);
  }

  text(text: string, hiding: HidingReason | null): void {
    if (hiding === null) this.pieces.push(escaped(text));
  }

  finish(): string {
    return this.pieces.join('');
  }
}

function attributesOf(tag: string, attributes: Attributes): string {
  const names = [...(SHOWN_ATTRIBUTES['*'] ?? []), ...(SHOWN_ATTRIBUTES[tag] ?? [])];
  return names
    .flatMap((name) => {
      const value = Object.hasOwn(attributes, name) ? attributes[name]?.trim() : undefined;
      const isKept = value !== undefined && LEADS_TO[name]?.test(value) !== false;
      return isKept ? [` ${name}="${escaped(value)}"`] : [];
    })
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
