import { mediaTypeOf, safeFilename } from '@postern/contracts';
import type { Attachment, SimpleParserOptions } from 'mailparser';
import type { ParsedAttachment, ParsedMail } from './parse-job.js';
import { readLooseDate } from './read-date.js';
import { type Mail, readMime } from './read-mime.js';
import { readAddresses, readFrom } from './addresses.js';
import { cleanLine, cleanText } from './clean-text.js';
import {
  firstValue,
  readHeaderBlock,
  readIds,
  readMessageId,
  repeatedFields,
  writeHeader,
  type HeaderBlock,
} from './header-block.js';

const SUBJECT_MAX_CHARS = 2_000;
const CONTENT_ID_MAX_CHARS = 998;
/** `ignoreEmbedded` is an option of the splitter below mailparser, which hands its options on. */
const OPTIONS: SimpleParserOptions & { ignoreEmbedded: boolean } = {
  // Without it a delivery status would be mixed into the text.
  keepDeliveryStatus: true,
  // An embedded mail stays one attachment: its parts are not this mail's.
  ignoreEmbedded: true,
  keepCidLinks: true,
  skipTextToHtml: true,
  skipTextLinks: true,
};
/** What is left to show when the body cannot be read. */
const SHOWN_FIELDS = new Set(['from', 'to', 'cc', 'reply-to', 'subject', 'date', 'message-id', 'sender']);

/**
 * Reads a mail. Never throws: what cannot be read is left out, and `parseError` says so; the raw octets are kept anyway.
 * Strings are free of NUL and lone surrogates, one-line fields of control and bidirectional characters, file names of
 * paths. `message/*` parts are attachments. HTML is as the sender wrote it: sanitising it is the guard's work. Nothing bounds
 * time and memory here: see MailReaders.
 * @param headerOnlyBecause  the `parseError` of a mail whose body is not to be looked at.
 */
export async function parseMail(raw: Buffer, headerOnlyBecause: string | null = null): Promise<ParsedMail> {
  const header = readHeaderBlock(raw);
  const repeated = repeatedFields(header);
  const whole = header.utf8 && repeated.size === 0 ? raw : rewritten(raw, header);
  const { mail, parseError } = await firstThatWorks(headerOnlyBecause, [
    ...(headerOnlyBecause === null ? [() => parse(whole, {}), () => parse(whole, { skipHtmlToText: true })] : []),
    () => parse(writeHeader(header, SHOWN_FIELDS), {}),
  ]);
  return {
    messageIdHeader: readMessageId(firstValue(header, 'message-id')),
    inReplyTo: readIds(firstValue(header, 'in-reply-to')),
    references: readIds(firstValue(header, 'references')),
    from: readFrom(mail.from),
    to: readAddresses(mail.to),
    cc: readAddresses(mail.cc),
    replyTo: readAddresses(mail.replyTo),
    subject: mail.subject === undefined ? null : cleanLine(mail.subject, SUBJECT_MAX_CHARS),
    text: textOf(mail.text),
    html: htmlOf(mail.html),
    date: readLooseDate(firstValue(header, 'date'))?.toISOString() ?? null,
    attachments: mail.attachments.map(toAttachment),
    parseError,
    ...(repeated.size > 0 && { repeatedHeaders: [...repeated].sort() }),
  };
}

const rewritten = (raw: Buffer, header: HeaderBlock): Buffer =>
  Buffer.concat([writeHeader(header), raw.subarray(header.bodyOffset)]);

async function firstThatWorks(
  knownError: string | null,
  tries: (() => Promise<Mail>)[],
): Promise<{ mail: Mail; parseError: string | null }> {
  let parseError = knownError;
  for (const attempt of tries) {
    try {
      return { mail: await attempt(), parseError };
    } catch (error) {
      parseError ??= cleanLine(error instanceof Error ? error.message : 'not readable', SUBJECT_MAX_CHARS);
    }
  }
  return { mail: { attachments: [] }, parseError };
}

const parse = (raw: Buffer, options: { skipHtmlToText?: boolean }): Promise<Mail> =>
  readMime(raw, { ...OPTIONS, ...options });

/** White space alone is no text: mailparser makes it of empty parts. */
function textOf(text: string | false | undefined): string | null {
  const clean = cleanText(text || '');
  return clean.trim() === '' ? null : clean;
}

/** mailparser joins the parts with this; parts that are no HTML leave it alone at both ends. */
const PART_JOINTS = /^(?:<br\/>\n\s*)+|(?:\s*<br\/>\n)+$/g;

function htmlOf(html: string | false | undefined): string | null {
  return html ? textOf(html.replace(PART_JOINTS, '')) : null;
}

/** mailparser's types promise strings; for malformed parts some are false. */
const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** For application/octet-stream mailparser guesses a type from the file name; what the sender declared is a fact. */
function declaredType(part: Attachment): string | null {
  const declared = part.headers.get('content-type');
  return typeof declared === 'object' && 'value' in declared && typeof declared.value === 'string'
    ? declared.value
    : null;
}

function toAttachment(part: Attachment, index: number): ParsedAttachment {
  const contentType = mediaTypeOf(declaredType(part) ?? stringOf(part.contentType));
  const fallback = contentType === 'message/rfc822' ? `message-${index + 1}.eml` : `attachment-${index + 1}`;
  const contentId = cleanLine(stringOf(part.cid), CONTENT_ID_MAX_CHARS);
  return {
    filename: safeFilename(stringOf(part.filename), fallback),
    contentType,
    disposition: part.contentDisposition === 'inline' ? 'inline' : 'attachment',
    contentId: contentId === '' ? null : contentId,
    bytes: part.content,
  };
}
