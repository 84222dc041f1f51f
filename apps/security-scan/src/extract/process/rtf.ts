import { TextDecoder } from 'node:util';
import { DocumentError } from './document-error.js';
import type { TextSink } from './text-sink.js';

/** Groups that hold no text of the document (RTF 1.9.1, "Header" and "Document Area"). */
const SILENT = new Set(
  'fonttbl colortbl stylesheet listtable listoverridetable rsidtbl revtbl info generator themedata colorschememapping datastore latentstyles xmlnstbl pict objdata fldinst'.split(
    ' ',
  ),
);
const SYMBOLS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  tab: '\t',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  '~': '\u00a0',
  _: '-',
  '\n': '\n',
  '\r': '\n',
};

/** Deeper groups are no document. */
const DEPTH_MAX = 1_000;

/** A control word with its number, a hexadecimal octet, another control symbol, a brace, or plain characters. */
const TOKEN = /\\([a-z]+)(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)/gis;

interface Group {
  silent: boolean;
  /** Characters that stand behind `\u` for readers without Unicode (`\uc`). */
  fallback: number;
}

/** Reads the text of an RTF document, in one pass over its tokens. */
export async function readRtf(bytes: Uint8Array, sink: TextSink): Promise<void> {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const writer = new RtfText(sink);
  for (const token of source.matchAll(TOKEN)) {
    const [whole, word, number, octet, symbol, brace, plain] = token;
    if (brace === '{') writer.open();
    else if (brace === '}') writer.close();
    else if (octet !== undefined) writer.octet(Number.parseInt(octet, 16));
    else if (word !== undefined) writer.control(word, number === undefined ? null : Number(number));
    else if (symbol !== undefined) writer.symbol(symbol);
    else writer.write(plain ?? whole);
  }
  writer.end();
}

class RtfText {
  private readonly groups: Group[] = [{ silent: false, fallback: 1 }];
  private octets: number[] = [];
  private decoder = new TextDecoder('windows-1252');
  private toSkip = 0;

  constructor(private readonly sink: TextSink) {}

  open(): void {
    if (this.groups.length >= DEPTH_MAX) throw new DocumentError('too_large');
    this.end();
    this.groups.push({ ...this.group });
  }

  close(): void {
    this.end();
    this.toSkip = 0;
    if (this.groups.length > 1) this.groups.pop();
  }

  /** One octet of a character in the document's code page; a character may take several. */
  octet(value: number): void {
    if (this.toSkip > 0) this.toSkip -= 1;
    else if (!this.group.silent) this.octets.push(value);
  }

  control(word: string, number: number | null): void {
    if (word === 'ansicpg') this.decoder = decoderOf(number);
    else if (word === 'uc') this.group.fallback = number ?? 1;
    else if (word === 'u') this.unicode(number ?? 0);
    else if (SILENT.has(word)) this.group.silent = true;
    else this.write(SYMBOLS[word] ?? '');
  }

  symbol(symbol: string): void {
    // `\*` begins a group that readers may leave out when they do not know it.
    if (symbol === '*') this.group.silent = true;
    else this.write('\\{}'.includes(symbol) ? symbol : (SYMBOLS[symbol] ?? ''));
  }

  write(text: string): void {
    this.end();
    const skipped = Math.min(this.toSkip, text.length);
    this.toSkip -= skipped;
    if (!this.group.silent && text.length > skipped) this.sink.add(text.slice(skipped));
  }

  /** Writes what was gathered in octets. */
  end(): void {
    if (this.octets.length === 0) return;
    const octets = this.octets;
    this.octets = [];
    this.sink.add(this.decoder.decode(Uint8Array.from(octets)));
  }

  /** @param unit  of UTF-16, as a signed number. */
  private unicode(unit: number): void {
    this.write('');
    if (!this.group.silent) this.sink.add(String.fromCharCode(unit & 0xffff));
    this.toSkip = this.group.fallback;
  }

  private get group(): Group {
    return this.groups.at(-1) as Group;
  }
}

/** The code pages of Windows have the names that the Encoding Standard knows; others are read as the usual one. */
function decoderOf(codePage: number | null): TextDecoder {
  try {
    return new TextDecoder(codePage === 932 ? 'shift_jis' : codePage === 936 ? 'gbk' : `windows-${codePage ?? 1252}`);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
