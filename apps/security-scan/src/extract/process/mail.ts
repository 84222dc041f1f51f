import { simpleParser, type ParsedMail } from 'mailparser';
import { Clip } from '../../normalise/clip.js';
import { PARSER_OPTIONS } from '../../normalise/from-mime.js';
import { htmlChannels } from '../../normalise/html/html-channels.js';
import { formatOf } from '../document-format.js';
import { plainTextOf } from '../plain-text.js';
import type { DocumentReader } from './document-reader.js';

/** Reads a mail that is attached to a mail: who, subject, text, and its own attachments. */
export const readMail: DocumentReader = async (bytes, sink, nested) => {
  const mail = await simpleParser(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), PARSER_OPTIONS);
  sink.add(`${mail.from?.text ?? ''}\n${mail.subject ?? ''}\n${bodyOf(mail)}\n`);
  for (const { filename = '', contentType, content } of mail.attachments) {
    const attachment = { filename, contentType, bytes: content };
    sink.add(`${filename}\n`);
    const format = formatOf(attachment);
    if (format === null) sink.add(`${plainTextOf(attachment)?.text ?? ''}\n`);
    else await nested(format, content);
  }
};

const bodyOf = (mail: ParsedMail): string =>
  mail.text || (mail.html ? htmlChannels(mail.html, new Clip()).visible : '');
