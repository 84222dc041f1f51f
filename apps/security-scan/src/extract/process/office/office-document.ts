import { DocumentError } from '../document-error.js';
import type { TextSink } from '../text-sink.js';
import { Archive } from './archive.js';
import { readOpenDocument } from './open-document.js';
import { paragraphsTo } from './paragraphs.js';
import { readWorkbook } from './workbook.js';

/** Parts of a Word document and of a presentation that hold text, what comes first first (ECMA-376 part 1, §11.3 and §13.3). */
const WORD_PARTS = [/^word\/document\.xml$/, /^word\/((header|footer)\d*|footnotes|endnotes|comments)\.xml$/];
const SLIDE_PARTS = [/^ppt\/slides\/slide\d*\.xml$/, /^ppt\/(notesSlides\/notesSlide|comments\/comment)\d*\.xml$/];

/** Reads what an archive says if it is a document of an office program, by its content; of another archive nothing. */
export async function readOfficeDocument(bytes: Uint8Array, sink: TextSink): Promise<void> {
  const archive = await Archive.open(bytes);
  if (archive.has('word/document.xml')) await readParagraphs(archive, WORD_PARTS, sink);
  else if (archive.has('ppt/presentation.xml')) await readParagraphs(archive, SLIDE_PARTS, sink);
  else if (archive.has('xl/workbook.xml')) await readWorkbook(archive, sink);
  else if (archive.has('content.xml') && archive.has('mimetype')) await readOpenDocument(archive, sink);
  else if (archive.has('[Content_Types].xml')) throw new DocumentError('corrupt');
}

async function readParagraphs(archive: Archive, parts: readonly RegExp[], sink: TextSink): Promise<void> {
  for (const name of parts.flatMap((part) => archive.names(part))) await archive.readXml(name, paragraphsTo(sink));
}
