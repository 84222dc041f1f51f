import { ATTACHMENT_TEXT_MAX_CHARS, ATTACHMENT_TEXTS_MAX_CHARS, type AttachmentTexts } from '@postern/contracts';
import type { ScannedMail } from './scanned-mail.js';

/** The texts of a mail's attachments, as facts carry them: what a reader would read, each content once, up to a length. */
export function carriedTexts(mail: ScannedMail): AttachmentTexts {
  const seen = new Set<string>();
  const texts: AttachmentTexts = [];
  let left = ATTACHMENT_TEXTS_MAX_CHARS;
  for (const { sha256, text, documentText, cut } of mail.attachments) {
    const whole = storable(documentText ?? text ?? '');
    if (whole === '' || left === 0 || seen.has(sha256)) continue;
    seen.add(sha256);
    const carried = whole.slice(0, Math.min(ATTACHMENT_TEXT_MAX_CHARS, left)).toWellFormed();
    left -= carried.length;
    texts.push({ sha256, text: carried, truncated: cut || carried.length < whole.length });
  }
  return texts;
}

/** PostgreSQL takes no NUL. */
const storable = (text: string): string => text.replaceAll('\0', '').trim();
