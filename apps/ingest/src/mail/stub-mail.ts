import { cleanAddress } from './addresses.js';
import { cleanLine } from './clean-text.js';
import { firstValue, readHeaderBlock, readIds, readMessageId } from './header-block.js';
import type { ParsedMail } from './parse-job.js';
import { readLooseDate } from './read-date.js';

const SUBJECT_MAX_CHARS = 2_000;
const IN_BRACKETS = /<([^<>]*)>/;

/** What is left of a mail of which not even the header can be parsed: its fields as they stand, not decoded. */
export function stubMail(raw: Buffer, parseError: string): ParsedMail {
  const header = readHeaderBlock(raw);
  const from = firstValue(header, 'from') ?? '';
  const subject = firstValue(header, 'subject');
  return {
    messageIdHeader: readMessageId(firstValue(header, 'message-id')),
    inReplyTo: readIds(firstValue(header, 'in-reply-to')),
    references: readIds(firstValue(header, 'references')),
    from: { address: cleanAddress(IN_BRACKETS.exec(from)?.[1] ?? from), name: null },
    to: [],
    cc: [],
    replyTo: [],
    subject: subject === null ? null : cleanLine(subject, SUBJECT_MAX_CHARS),
    text: null,
    html: null,
    date: readLooseDate(firstValue(header, 'date'))?.toISOString() ?? null,
    attachments: [],
    parseError,
  };
}
