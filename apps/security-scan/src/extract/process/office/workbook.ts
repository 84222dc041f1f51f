import type { Handler } from 'htmlparser2';
import { DocumentError } from '../document-error.js';
import type { TextSink } from '../text-sink.js';
import type { Archive } from './archive.js';
import { paragraphsTo } from './paragraphs.js';
import { localName } from './xml-name.js';

const SHEETS = /^xl\/worksheets\/sheet\d*\.xml$/;
const COMMENTS = /^xl\/(comments\d*|threadedComments\/threadedComment\d*)\.xml$/;
/** All strings that a workbook shares, in characters; as much as may be inflated has room. */
const SHARED_MAX_CHARS = 16 * 1024 * 1024;

/** Reads the sheets of a workbook row by row: what cells show, not how they are calculated (ECMA-376 part 1, §18.3). */
export async function readWorkbook(archive: Archive, sink: TextSink): Promise<void> {
  await archive.readXml('xl/workbook.xml', {
    onopentag: (tag, attributes) => {
      if (localName(tag) === 'sheet') sink.add(`${attributes['name'] ?? ''}\n`);
    },
  });
  const shared = new SharedStrings();
  await archive.readXml('xl/sharedStrings.xml', shared.handler);
  for (const name of archive.names(SHEETS)) await archive.readXml(name, cellsTo(sink, shared.strings));
  for (const name of archive.names(COMMENTS)) await archive.readXml(name, paragraphsTo(sink));
}

/** The table of texts that cells name by number (§18.4.9). */
class SharedStrings {
  readonly strings: string[] = [];
  private current = '';
  private length = 0;
  private inText = false;
  private phonetic = false;

  readonly handler: Partial<Handler> = {
    onopentagname: (tag) => {
      const name = localName(tag);
      if (name === 'si') this.current = '';
      // How a text is spoken is not part of it (§18.4.6).
      if (name === 'rPh') this.phonetic = true;
      this.inText = name === 't' && !this.phonetic;
    },
    ontext: (text) => {
      if (!this.inText) return;
      this.length += text.length;
      if (this.length > SHARED_MAX_CHARS) throw new DocumentError('too_large');
      this.current += text;
    },
    onclosetag: (tag) => {
      this.inText = false;
      const name = localName(tag);
      if (name === 'rPh') this.phonetic = false;
      if (name === 'si') this.strings.push(this.current);
    },
  };
}

/** Writes the cells of a sheet, rows as lines, cells with tabs between. */
function cellsTo(sink: TextSink, shared: readonly string[]): Partial<Handler> {
  let isShared = false;
  let inValue = false;
  let value = '';
  return {
    onopentag(tag, attributes) {
      const name = localName(tag);
      if (name === 'c') {
        isShared = attributes['t'] === 's';
        value = '';
      }
      // A value, or the text of an inline string (§18.3.1.96, §18.3.1.53).
      inValue = name === 'v' || name === 't';
    },
    ontext(text) {
      if (inValue) value += text;
    },
    onclosetag(tag) {
      inValue = false;
      const name = localName(tag);
      if (name === 'c') sink.add(`${isShared ? (shared[Number(value)] ?? '') : value}\t`);
      if (name === 'row') sink.add('\n');
    },
  };
}
