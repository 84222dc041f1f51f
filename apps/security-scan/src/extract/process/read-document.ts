import type { DocumentFormat, Extraction, ExtractionJob } from '../extraction.js';
import { GIVE_UP_SHARE, NESTING_MAX } from '../limits.js';
import { DocumentError } from './document-error.js';
import type { DocumentReader } from './document-reader.js';
import { EnoughRead, TextSink } from './text-sink.js';

/** Each is loaded when it is first needed: most processes never see most formats. */
const READERS: Readonly<Record<DocumentFormat, () => Promise<DocumentReader>>> = {
  pdf: async () => (await import('./pdf.js')).readPdf,
  archive: async () => (await import('./office/office-document.js')).readOfficeDocument,
  html: async () => (await import('./html.js')).readHtml,
  calendar: async () => (await import('./calendar.js')).readCalendar,
  mail: async () => (await import('./mail.js')).readMail,
  rtf: async () => (await import('./rtf.js')).readRtf,
};

/** Reads one attachment. Bounded in text and, between the steps of a reader, in time; never throws. */
export async function readDocument(job: ExtractionJob): Promise<Extraction> {
  const sink = new TextSink(job.maxChars, performance.now() + job.timeMs * GIVE_UP_SHARE);
  try {
    await readInto(sink, job.format, job.bytes, 0);
    return { status: 'read', text: sink.text, truncated: false };
  } catch (error) {
    const reason = reasonOf(error);
    const { text } = sink;
    // What stands before the end of a broken document is worth looking at, and is not the whole.
    if (text === '' || reason === 'encrypted') return { status: 'unreadable', reason };
    return { status: 'read', text, truncated: true };
  }
}

async function readInto(sink: TextSink, format: DocumentFormat, bytes: Uint8Array, depth: number): Promise<void> {
  if (depth > NESTING_MAX) throw new DocumentError('too_large');
  const read = await READERS[format]();
  await read(bytes, sink, (nested, content) => readInto(sink, nested, content, depth + 1));
}

/** Readers meet every kind of broken document with some error of their own. */
function reasonOf(error: unknown) {
  if (error instanceof EnoughRead) return 'timeout';
  return error instanceof DocumentError ? error.reason : 'corrupt';
}
