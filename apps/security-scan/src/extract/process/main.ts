import type { ExtractionJob } from '../extraction.js';
import { readDocument } from './read-document.js';

/**
 * The process that reads attachments, and nothing else: no settings, no database, no network of its own. It takes one job
 * at a time and answers each; its parent kills it when that takes too long.
 */
process.on('message', (job: ExtractionJob) => {
  void readDocument(job).then((extraction) => process.send?.(extraction));
});
process.on('disconnect', () => process.exit());
// A library's promise that nobody waited for is part of a document that did not work out; the reply tells that.
process.on('unhandledRejection', () => undefined);
process.send?.('ready');
