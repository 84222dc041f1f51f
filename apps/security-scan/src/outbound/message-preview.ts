import type { MessagePreview, MessageSummary } from '@postern/contracts';
import type { ScannedMail } from '../normalise/scanned-mail.js';

const PREVIEW_MAX_CHARS = 1000;

/** What a reviewer is shown of a held message: what its reader would see, so never the hidden part of the HTML. */
export function previewOf(message: MessageSummary, mail: Pick<ScannedMail, 'text' | 'html'>): MessagePreview {
  const text = (mail.text || (mail.html?.visible ?? '')).trim().slice(0, PREVIEW_MAX_CHARS).toWellFormed();
  return {
    from: message.from,
    to: message.to,
    cc: message.cc,
    bcc: message.bcc,
    subject: message.subject,
    text: text === '' ? null : text.replaceAll('\0', ''),
    attachments: message.attachments.map(({ filename, content_type, size }) => ({ filename, content_type, size })),
  };
}
