import { Parser } from 'htmlparser2';
import { redactionsIn, holdsPii, redactText, type RedactedKinds, type Redaction } from './redact-text.js';

/** Elements within a line (HTML §4.5, §4.7): text goes on over their tags, so that tags cannot take a number apart. */
const INLINE = new Set(
  'a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Their text is no HTML text: nothing in it is decoded, and nothing may be encoded. */
const RAW_TEXT = new Set(['script', 'style']);
/** Attributes that people are shown. */
const READABLE = new Set(['alt', 'aria-label', 'content', 'label', 'placeholder', 'summary', 'title', 'value']);
const ADDRESSES = new Set(['href', 'src', 'action', 'background', 'cite', 'poster']);
/** Addresses that are personal data as a whole. */
const CONTACT = /^\s*(?:mailto|tel|sms|callto):/i;
const NOWHERE = '#';

/** Text as it stands in the source, and what it says. */
interface Piece {
  /** In the source. */
  start: number;
  end: number;
  text: string;
  raw: boolean;
}

/** A stretch of the source, and what takes its place. */
interface Change {
  start: number;
  end: number;
  to: string;
}

/**
 * HTML without the personal data of these kinds: in text (over the tags within a line), in comments, in attributes that are
 * shown, and in addresses that links go to. Everything else stays as it was written, octet by octet.
 * @returns the same string when it has none.
 */
export function redactHtml(html: string, kinds: RedactedKinds): string {
  const changes: Change[] = [];
  const line = new Line(kinds, changes);
  let element = '';
  const parser = new Parser(
    {
      onopentagname(name) {
        element = name;
        if (!INLINE.has(name)) line.end();
      },
      onclosetag(name) {
        element = '';
        if (!INLINE.has(name)) line.end();
      },
      ontext(text) {
        line.add({ start: parser.startIndex, end: parser.endIndex + 1, text, raw: RAW_TEXT.has(element) });
      },
      onattribute(name, value) {
        const to = redactAttribute(name, value, kinds);
        if (to === value) return;
        changes.push({ start: parser.startIndex, end: parser.endIndex, to: `${name}="${encode(to)}"` });
      },
      oncomment(text) {
        if (holdsPii(text, kinds)) changes.push({ start: parser.startIndex, end: parser.endIndex + 1, to: '' });
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  line.end();
  return apply(html, changes);
}

/** The text of one line, collected over tags. */
class Line {
  private pieces: Piece[] = [];

  constructor(
    private readonly kinds: RedactedKinds,
    private readonly changes: Change[],
  ) {}

  add(piece: Piece): void {
    this.pieces.push(piece);
  }

  end(): void {
    const text = this.pieces.map((piece) => piece.text).join('');
    const redactions = redactionsIn(text, this.kinds);
    if (redactions.length > 0) this.redact(redactions);
    this.pieces = [];
  }

  /** Each piece loses its share; the label stands where the data began. Both lists are in order: one walk. */
  private redact(redactions: readonly Redaction[]): void {
    let offset = 0;
    let next = 0;
    for (const { start, end, text, raw } of this.pieces) {
      const until = offset + text.length;
      let kept = '';
      let at = offset;
      for (let one = redactions[next]; one !== undefined && one.start < until; one = redactions[next]) {
        kept += text.slice(at - offset, Math.max(one.start, at) - offset);
        if (one.start >= offset) kept += one.label;
        at = Math.min(one.end, until);
        if (one.end > until) break;
        next += 1;
      }
      kept += text.slice(at - offset);
      if (kept !== text) this.changes.push({ start, end, to: raw ? kept : encode(kept) });
      offset = until;
    }
  }
}

function redactAttribute(name: string, value: string, kinds: RedactedKinds): string {
  if (READABLE.has(name)) return redactText(value, kinds);
  if (!ADDRESSES.has(name)) return value;
  const said = decoded(value);
  // Numbers in the address of a page are seldom those of a telephone.
  const sought = CONTACT.test(value) ? kinds : new Set([...kinds].filter((kind) => kind !== 'phone'));
  return holdsPii(said, sought) ? NOWHERE : value;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const encode = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function apply(html: string, changes: readonly Change[]): string {
  let at = 0;
  let changed = '';
  for (const { start, end, to } of changes.toSorted((a, b) => a.start - b.start)) {
    changed += html.slice(at, start) + to;
    at = end;
  }
  return changed + html.slice(at);
}
