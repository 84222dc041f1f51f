import { TextDecoder } from 'node:util';
import { Parser, type Handler } from 'htmlparser2';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { ELEMENTS_DEPTH_MAX, ENTRIES_MAX, INFLATED_MAX_BYTES } from '../../limits.js';
import { DocumentError } from '../document-error.js';

/** A ZIP archive whose entries are read one after the other, and together only up to a size. */
export class Archive {
  private inflatedBytes = 0;

  private constructor(
    private readonly file: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws DocumentError `too_large`; Error when it is no archive. */
  static async open(bytes: Uint8Array): Promise<Archive> {
    const file = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
    });
    if (file.entryCount > ENTRIES_MAX) throw new DocumentError('too_large');
    const entries = new Map<string, Entry>();
    for await (const entry of file.eachEntry()) entries.set(entry.fileName, entry);
    return new Archive(file, entries);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Names of entries that match, those with numbers in the order of these: `slide2.xml` before `slide10.xml`. */
  names(pattern: RegExp): string[] {
    const order = new Intl.Collator('en', { numeric: true });
    return [...this.entries.keys()].filter((name) => pattern.test(name)).sort(order.compare);
  }

  /**
   * Reads an entry as XML, which it never has in memory as a whole. Entities that the document defines itself are not
   * expanded: the parser knows only those of XML.
   * @throws DocumentError `encrypted`, `too_large`; Error when the entry is broken; what the handler throws.
   */
  async readXml(name: string, handler: Partial<Handler>): Promise<void> {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    if (entry.isEncrypted()) throw new DocumentError('encrypted');
    const parser = new Parser(withinDepth(handler), { xmlMode: true, decodeEntities: true });
    const decoder = new TextDecoder();
    for await (const chunk of (await this.file.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      this.inflatedBytes += chunk.byteLength;
      if (this.inflatedBytes > INFLATED_MAX_BYTES) throw new DocumentError('too_large');
      parser.write(decoder.decode(chunk, { stream: true }));
    }
    parser.end();
  }
}

/** Closing an element costs the parser as much as it has open ones. */
function withinDepth(handler: Partial<Handler>): Partial<Handler> {
  let depth = 0;
  return {
    ...handler,
    onopentagname: (name) => {
      depth += 1;
      if (depth > ELEMENTS_DEPTH_MAX) throw new DocumentError('too_large');
      handler.onopentagname?.(name);
    },
    onclosetag: (name, isImplied) => {
      depth -= 1;
      handler.onclosetag?.(name, isImplied);
    },
  };
}
