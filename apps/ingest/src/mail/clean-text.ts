// Text that passes here can go into PostgreSQL (no U+0000, no lone surrogates), into a header, a log or a file name.

/** Never part of a line. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Text of several lines may have tabs and line feeds. */
const CONTROLS_OF_TEXT = /(?![\t\n])\p{Cc}/gu;
/** Embeddings, overrides and isolates (UAX #9 §2): they let `exe.txt` be shown for `txt.exe`. Marks (LRM, RLM) stay. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;

/** One line: control characters become one space, bidirectional overrides go, the rest is cut after so many characters. */
export const cleanLine = (text: string, maxChars: number): string =>
  text.toWellFormed().replace(BIDI, '').replace(CONTROLS, ' ').trim().slice(0, maxChars).toWellFormed();

/** Text of several lines, each ended by a line feed. Nothing is cut. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS_OF_TEXT, '');

const NAME_MAX_BYTES = 200;
const EXTENSION_MAX_CHARS = 16;
/** Reserved by Windows, in path parts of every system. */
const NOT_IN_NAMES = /[<>:"|?*]/g;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A file name that is safe to save under on any system: no path, no control or bidirectional characters, no reserved
 * names, at most 200 octets with its extension kept.
 * @returns the fallback when nothing is left of it.
 */
export function cleanFilename(name: string, fallback: string): string {
  const line = cleanLine(name.replaceAll('\\', '/'), name.length);
  const base = line
    .slice(line.lastIndexOf('/') + 1)
    .replace(NOT_IN_NAMES, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (base === '') return fallback;
  return cutName(DEVICE.test(base) ? `_${base}` : base);
}

function cutName(name: string): string {
  if (Buffer.byteLength(name) <= NAME_MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= EXTENSION_MAX_CHARS ? name.slice(dot) : '';
  let stem = '';
  let left = NAME_MAX_BYTES - Buffer.byteLength(extension);
  for (const char of name.slice(0, name.length - extension.length)) {
    left -= Buffer.byteLength(char);
    if (left < 0) break;
    stem += char;
  }
  return stem.trimEnd() + extension;
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** RFC 6838 §4.2; anything else is `application/octet-stream`. */
export function cleanMediaType(type: string): string {
  const lower = type.trim().toLowerCase();
  return MEDIA_TYPE.test(lower) ? lower : 'application/octet-stream';
}
