import { parseMail } from '../parse-mail.js';
import type { ParseJob } from '../parse-job.js';

/**
 * The process that parses mail, and nothing else: no settings, no database, no network of its own. It takes one mail at a time
 * and answers each; its parent kills it when that takes too long.
 */
process.on('message', ({ raw, headerOnlyBecause }: ParseJob) => {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  void parseMail(bytes, headerOnlyBecause).then((parsed) => process.send?.(parsed));
});
process.on('disconnect', () => process.exit());
// A library's promise that nobody waited for is part of a mail that did not work out; the answer tells that.
process.on('unhandledRejection', () => undefined);
process.send?.('ready');
