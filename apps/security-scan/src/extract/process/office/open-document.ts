import type { Handler } from 'htmlparser2';
import { DocumentError } from '../document-error.js';
import type { TextSink } from '../text-sink.js';
import type { Archive } from './archive.js';

/** Reads a text document, spreadsheet or presentation of OpenDocument: its body (ODF 1.3 part 3, §3.3). */
export async function readOpenDocument(archive: Archive, sink: TextSink): Promise<void> {
  await archive.readXml('META-INF/manifest.xml', {
    onopentagname: (tag) => {
      // ODF 1.3 part 2, §4.4: entries with this are encrypted, though the archive does not say so.
      if (tag === 'manifest:encryption-data') throw new DocumentError('encrypted');
    },
  });
  await archive.readXml('content.xml', bodyTo(sink));
}

const PARAGRAPHS = new Set(['text:p', 'text:h']);
/** White space is written as elements (§6.1.3 to §6.1.5); a count of spaces is taken as one. */
const SPACES: Readonly<Record<string, string>> = { 'text:s': ' ', 'text:tab': '\t', 'text:line-break': '\n' };

function bodyTo(sink: TextSink): Partial<Handler> {
  let paragraphs = 0;
  return {
    onopentagname(tag) {
      if (PARAGRAPHS.has(tag)) paragraphs += 1;
      const space = SPACES[tag];
      if (space !== undefined) sink.add(space);
    },
    ontext(text) {
      if (paragraphs > 0) sink.add(text);
    },
    onclosetag(tag) {
      if (!PARAGRAPHS.has(tag)) return;
      paragraphs -= 1;
      sink.add('\n');
    },
  };
}
