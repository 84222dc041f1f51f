import { getDocument } from 'unpdf/pdfjs';
import { DocumentError } from './document-error.js';
import type { TextSink } from './text-sink.js';

/** The parts of pdf.js's pieces of text that are read here. */
interface TextPiece {
  str?: string;
  hasEOL?: boolean;
}

interface Annotation {
  contentsObj?: { str?: string };
  fieldValue?: unknown;
  url?: string;
}

/** Errors only; the library's own warnings describe the document. */
const SILENT = 0;

/** Reads the pages of a PDF in their order, then what forms and notes on each say. */
export async function readPdf(bytes: Uint8Array, sink: TextSink): Promise<void> {
  const task = getDocument({
    // The library takes the octets away and wants them plain.
    data: new Uint8Array(bytes),
    verbosity: SILENT,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    enableXfa: false,
    stopAtErrors: false,
    // Pictures are not text.
    maxImageSize: 1,
  });
  task.onPassword = () => {
    throw new DocumentError('encrypted');
  };
  try {
    const document = await task.promise;
    for (let number = 1; number <= document.numPages; number += 1) {
      sink.checkTime();
      const page = await document.getPage(number);
      // `getTextContent` would gather a page of any size first.
      const pieces = page.streamTextContent() as AsyncIterable<{ items: TextPiece[] }>;
      for await (const { items } of pieces) sink.add(items.map(textOf).join(''));
      sink.add('\n');
      for (const annotation of (await page.getAnnotations()) as Annotation[]) sink.add(notesOf(annotation));
      page.cleanup();
    }
  } catch (error) {
    throw (error as Error).name === 'PasswordException' ? new DocumentError('encrypted') : error;
  } finally {
    await task.destroy();
  }
}

const textOf = ({ str = '', hasEOL = false }: TextPiece): string => (hasEOL ? `${str}\n` : str);

const notesOf = ({ contentsObj, fieldValue, url }: Annotation): string =>
  [contentsObj?.str, fieldValue, url]
    .filter((text): text is string => typeof text === 'string' && text !== '')
    .map((text) => `${text}\n`)
    .join('');
