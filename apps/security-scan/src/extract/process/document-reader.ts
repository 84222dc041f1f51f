import type { DocumentFormat } from '../extraction.js';
import type { TextSink } from './text-sink.js';

/**
 * Reads one kind of document into a sink.
 * @param nested  reads a document that is inside this one, into the same sink.
 * @throws DocumentError, EnoughRead; any other error means that the document is broken.
 */
export type DocumentReader = (
  bytes: Uint8Array,
  sink: TextSink,
  nested: (format: DocumentFormat, bytes: Uint8Array) => Promise<void>,
) => Promise<void>;
