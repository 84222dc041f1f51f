import { simpleParser, type ParsedMail } from 'mailparser';
import { mailAttachment, scannedAttachment, type ReadDocument } from './attachment-text.js';
import { Clip } from './clip.js';
import { withDerived } from './derived.js';
import { headerFields } from './header-fields.js';
import { htmlChannels } from './html/html-channels.js';
import type { MailParts, ScannedAttachment, ScannedMail, Sender } from './scanned-mail.js';

/** Nothing that we accept is larger: 25 MiB of SMTP data. Larger octets are not parsed, which is a finding. */
export const MIME_MAX_BYTES = 25 * 1024 * 1024;

/** Turns off what the scan does not need: links, HTML made from text, and images copied into the HTML. */
export const PARSER_OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
};

const UNKNOWN_TYPE = 'application/octet-stream';

/** The parser's types promise text, and broken headers make it something else. */
const textOr = (otherwise: string, value: unknown): string => (typeof value === 'string' ? value : otherwise);

/**
 * Takes an outbound message apart.
 * @param mime  the octets that would be sent.
 * @param readDocument  asked for one attachment after the other.
 * @returns always a mail: what cannot be parsed is one with `parseError`.
 */
export async function scannedFromMime(mime: Uint8Array, readDocument: ReadDocument): Promise<ScannedMail> {
  const clip = new Clip();
  const { fields, cut } = headerFields(mime);
  if (cut) clip.note('headers');
  const parsed = await parse(mime);
  const readable = parsed instanceof Error ? null : parsed;
  const attachments: ScannedAttachment[] = [];
  for (const [index, part] of (readable?.attachments ?? []).entries()) {
    const attachment = mailAttachment({
      filename: textOr('', part.filename),
      contentType: textOr(UNKNOWN_TYPE, part.contentType),
      bytes: part.content,
    });
    attachments.push(scannedAttachment(attachment, await readDocument(attachment), index + 1, clip));
  }
  const html = readable?.html ? htmlChannels(readable.html, clip) : null;
  const mail: MailParts = {
    direction: 'outbound',
    sizeBytes: mime.byteLength,
    headers: fields,
    sender: readable === null ? null : senderOf(readable),
    providerScan: null,
    subject: clip.text('subject', textOr('', readable?.subject)),
    text: clip.text('text', textOr('', readable?.text)),
    html,
    attachments,
    parseError: parsed instanceof Error ? parsed.message : null,
    cut: clip.channels,
  };
  return withDerived(mail);
}

function senderOf({ from, replyTo }: ParsedMail): Sender | null {
  const [first] = from?.value ?? [];
  if (first === undefined) return null;
  return {
    address: textOr('', first.address),
    name: textOr('', first.name),
    replyTo: (replyTo?.value ?? []).flatMap(({ address }) => address ?? []),
    aligned: null,
  };
}

async function parse(mime: Uint8Array): Promise<ParsedMail | Error> {
  if (mime.byteLength > MIME_MAX_BYTES) return new Error('too large to be parsed');
  try {
    return await simpleParser(Buffer.from(mime.buffer, mime.byteOffset, mime.byteLength), PARSER_OPTIONS);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
