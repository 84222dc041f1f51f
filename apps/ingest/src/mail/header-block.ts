import { isUtf8 } from 'node:buffer';

export interface HeaderField {
  /** Lower case. */
  name: string;
  /** Unfolded: one line, not decoded. */
  value: string;
  /** As it came, with its folds and without its last line end. */
  raw: string;
}

export interface HeaderBlock {
  fields: HeaderField[];
  /** Where the body begins, after the empty line. */
  bodyOffset: number;
  /** False when the block was not UTF-8, and was read as Windows-1252, as old mailers mean it. */
  utf8: boolean;
}

/** A header is read up to here; what follows is not looked at. mailparser refuses more than 1 MiB. */
const HEADER_MAX_BYTES = 1024 * 1024;
const FIELD_NAME = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/;

/** Reads the header of a mail, without decoding it. Lines that are no fields belong to the field before them. Never throws. */
export function readHeaderBlock(raw: Buffer): HeaderBlock {
  const end = endOfHeader(raw);
  const bytes = raw.subarray(0, Math.min(end.header, HEADER_MAX_BYTES));
  const utf8 = isUtf8(bytes);
  const text = new TextDecoder(utf8 ? 'utf-8' : 'windows-1252').decode(bytes).replace(/\r?\n$/, '');
  const fields: { name: string; lines: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const name = FIELD_NAME.exec(line)?.[1];
    if (name !== undefined && !/^[ \t]/.test(line)) fields.push({ name: name.toLowerCase(), lines: [line] });
    else fields.at(-1)?.lines.push(line);
  }
  return {
    fields: fields.map(({ name, lines }) => ({
      name,
      value: lines
        .join(' ')
        .slice(lines[0]?.indexOf(':') ?? 0)
        .slice(1)
        .trim(),
      raw: lines.join('\r\n'),
    })),
    bodyOffset: end.body,
    utf8,
  };
}

/** The header ends at the first empty line, ended by CR LF or by LF alone. */
function endOfHeader(raw: Buffer): { header: number; body: number } {
  if (raw[0] === LF) return { header: 0, body: 1 };
  if (raw[0] === CR && raw[1] === LF) return { header: 0, body: 2 };
  for (let at = raw.indexOf(LF); at >= 0; at = raw.indexOf(LF, at + 1)) {
    if (raw[at + 1] === LF) return { header: at + 1, body: at + 2 };
    if (raw[at + 1] === CR && raw[at + 2] === LF) return { header: at + 1, body: at + 3 };
  }
  return { header: raw.length, body: raw.length };
}
const LF = 0x0a;
const CR = 0x0d;

/** The value of the first field of that name, or null. */
export const firstValue = (block: HeaderBlock, name: string): string | null =>
  block.fields.find((field) => field.name === name)?.value ?? null;

/** RFC 5322 §3.6: at most one of each. To and Cc are too, but mail with several is meant for all of them. */
const ONCE = new Set([
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'in-reply-to',
  'message-id',
  'mime-version',
  'references',
  'reply-to',
  'sender',
  'subject',
]);

/** The names that stand more than once though they must not. */
export function repeatedFields(block: HeaderBlock): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of block.fields) {
    if (ONCE.has(name) && seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}

/**
 * The header with the first of repeated fields only, in UTF-8, ended by its empty line. Mail clients and DMARC take the
 * first; mailparser takes the last, so that a second From would decide whom we believe the mail to be from.
 * @param only  which fields to keep; all when absent.
 */
export function writeHeader(block: HeaderBlock, only?: ReadonlySet<string>): Buffer {
  const seen = new Set<string>();
  const kept = block.fields.filter(({ name }) => {
    const repeat = ONCE.has(name) && seen.has(name);
    seen.add(name);
    return !repeat && (only?.has(name) ?? true);
  });
  return Buffer.from(`${kept.map(({ raw }) => `${raw}\r\n`).join('')}\r\n`);
}

const ID = /<[^<>\s]+>/g;
/** RFC 5322 §2.1.1: a line has at most 998 characters, and an id cannot be folded. */
const ID_MAX_CHARS = 998;
const IDS_MAX = 1_000;

/** Message ids of a field, in brackets, in order. Taken from the undecoded value: words around them are no part of an id. */
export const readIds = (value: string | null): string[] =>
  (value?.match(ID) ?? [])
    .filter((id) => id.length <= ID_MAX_CHARS && !hasControl(id))
    .slice(0, IDS_MAX)
    .map((id) => id.toWellFormed());

const BARE_ID = /^[^\s<>@]+@[^\s<>@]+$/;

/** The id of the mail itself, in brackets, which some senders forget; null when there is none. */
export function readMessageId(value: string | null): string | null {
  const bare = value !== null && value.length <= ID_MAX_CHARS && BARE_ID.test(value);
  return readIds(bare ? `<${value}>` : value)[0] ?? null;
}

const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);
