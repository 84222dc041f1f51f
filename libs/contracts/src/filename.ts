/** Never part of a name. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Embeddings, overrides and isolates (UAX #9 §2): they let `exe.txt` be shown for `txt.exe`. Marks (LRM, RLM) stay. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
/** Reserved by Windows, in path parts of every system. */
const RESERVED = /[<>:"|?*]/g;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** File systems take 255 octets; this leaves room for what a program appends. */
const NAME_MAX_BYTES = 200;
const EXTENSION_MAX_CHARS = 16;

/**
 * A file name that is safe to save under on any system: no path, no control or bidirectional characters, no reserved
 * names, at most 200 octets with its extension kept. A safe name stays as it is.
 * @returns the fallback when nothing is left of it.
 */
export function safeFilename(name: string, fallback: string): string {
  const line = name.toWellFormed().replaceAll('\\', '/').replace(BIDI, '').replace(CONTROLS, ' ');
  const base = line
    .slice(line.lastIndexOf('/') + 1)
    .replace(RESERVED, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (base === '') return fallback;
  return cut(DEVICE.test(base) ? `_${base}` : base);
}

function cut(name: string): string {
  const size = (text: string): number => new TextEncoder().encode(text).byteLength;
  if (size(name) <= NAME_MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= EXTENSION_MAX_CHARS ? name.slice(dot) : '';
  let stem = '';
  let left = NAME_MAX_BYTES - size(extension);
  for (const char of name.slice(0, name.length - extension.length)) {
    left -= size(char);
    if (left < 0) break;
    stem += char;
  }
  return stem.trimEnd() + extension;
}

/** RFC 6838 §4.2 */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
/** What nobody said, or said in a way that means nothing (RFC 2046 §4.5.1). */
export const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** A media type in lower case, without its parameters; anything that is none is `application/octet-stream`. */
export function mediaTypeOf(declared: string | null | undefined): string {
  const type = (declared ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) ? type : UNKNOWN_MEDIA_TYPE;
}
