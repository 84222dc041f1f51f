import type { Encoding } from '../scanned-mail.js';
import { isReadable, READABLE_MIN_CHARS, readableText } from './readable.js';
import { mirrored } from './mirrored.js';

/** What stands in a text under one encoding. Linear; each piece is at most {@link PIECE_MAX_CHARS} of the text. */
export interface Decoder {
  encoding: Encoding;
  /** Found in every text that holds such an encoding; the others cost one pass. */
  hint: RegExp;
  decode: (text: string) => Iterable<string>;
}

/** An attack is a few sentences; more of one piece need not be read. */
export const PIECE_MAX_CHARS = 64 * 1024;

const TAGS = /[\u{e0020}-\u{e007e}]{4,}/gu;
const SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{4,}/gu;
const TWO_KINDS_WIDTHLESS = /[\u200b-\u200f\u2060-\u2064\ufeff]{16,}/g;
// A run begins where nothing of its alphabet stands before, so that each character is looked at a bounded number of times.
const BASE64 = /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{16,}={0,2}/g;
const BASE64_LINE_END = /(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{40,76})\r?\n(?=[A-Za-z0-9+/]{4,76}={0,2}(?:\s|$))/g;
const HEX = /(?<![0-9a-z])(?:0x)?(?:[0-9a-f]{2}[ :]?){12,}(?![0-9a-z])/gi;
const PERCENT = /(?:%[0-9a-f]{2}|[\w.~-]){1,2000}(?:%[0-9a-f]{2})(?:%[0-9a-f]{2}|[\w.~+-]){0,60000}/gi;

/** The ways in which text is hidden as data. In the order in which they are tried. */
export const DECODERS: readonly Decoder[] = [
  {
    encoding: 'tag characters',
    hint: /[\u{e0020}-\u{e007e}]{4}/u,
    // Each stands for the ASCII character 0xE0000 below (Unicode §23.9).
    decode: (text) => pieces(text.replaceAll(/\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu, ''), TAGS).map(fromTags),
  },
  {
    encoding: 'variation selectors',
    hint: /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{4}/u,
    // The 256 selectors stand for the 256 values of an octet.
    decode: (text) => readablePieces(pieces(text, SELECTORS), (run) => Uint8Array.from([...run], octetOfSelector)),
  },
  {
    encoding: 'characters without width',
    hint: /[\u200b-\u200f\u2060-\u2064\ufeff]{16}/,
    decode: (text) => pieces(text, TWO_KINDS_WIDTHLESS).flatMap(fromBits),
  },
  {
    encoding: 'base64',
    hint: /[A-Za-z0-9+/_-]{16}/,
    decode: (text) =>
      readablePieces(pieces(text.replaceAll(BASE64_LINE_END, '$1'), BASE64), (run) => Buffer.from(run, 'base64')),
  },
  {
    encoding: 'hexadecimal',
    hint: /(?:[0-9a-f]{2}[ :]?){12}/i,
    decode: (text) => readablePieces(pieces(text, HEX), (run) => Buffer.from(run.replaceAll(/^0x|[ :]/gi, ''), 'hex')),
  },
  {
    encoding: 'percent signs',
    hint: /%[0-9a-f]{2}/i,
    decode: (text) => pieces(text, PERCENT).flatMap(fromPercent),
  },
  { encoding: 'rot13', hint: /[a-z]{3} [a-z]{2}/i, decode: (text) => mirrored(text, rot13) },
  { encoding: 'reversed letters', hint: /[a-z]{3} [a-z]{2}/i, decode: (text) => mirrored(text, reversed) },
];

const pieces = (text: string, pattern: RegExp): string[] =>
  (text.match(pattern) ?? []).map((piece) => piece.slice(0, PIECE_MAX_CHARS));

const readablePieces = (runs: readonly string[], octets: (run: string) => Uint8Array): string[] =>
  runs.flatMap((run) => readableText(octets(run)) ?? []);

const fromTags = (run: string): string =>
  [...run].map((char) => String.fromCharCode((char.codePointAt(0) ?? 0) - 0xe0000)).join('');

function octetOfSelector(selector: string): number {
  const code = selector.codePointAt(0) ?? 0;
  return code <= 0xfe0f ? code - 0xfe00 : code - 0xe0100 + 16;
}

/** Two kinds are the two bits, in either order, seven or eight to a character. */
function fromBits(run: string): string[] {
  const [zero, one, ...more] = new Set(run);
  if (zero === undefined || one === undefined || more.length > 0) return [];
  return [zero, one].flatMap((set) => {
    const bits = [...run].map((char) => (char === set ? '1' : '0')).join('');
    return readableText(Uint8Array.from(bits.match(/[01]{8}/g) ?? [], (octet) => Number.parseInt(octet, 2))) ?? [];
  });
}

function fromPercent(run: string): string[] {
  if ((run.match(/%/g)?.length ?? 0) * 3 < READABLE_MIN_CHARS) return [];
  try {
    const text = decodeURIComponent(run.replaceAll('+', ' '));
    return isReadable(text) ? [text] : [];
  } catch {
    return [];
  }
}

const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (char) => {
    const base = char <= 'Z' ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
  });

const reversed = (text: string): string => [...text].toReversed().join('');
