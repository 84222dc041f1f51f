import { HEAD_MAX_BYTES, type ScannedAttachment } from './scanned-mail.js';
import type { Clip } from './clip.js';

const TEXT_TYPE =
  /^(text\/|message\/|application\/(json|xml|yaml|x-yaml|toml|x-sh|x-pem-file|javascript|sql)$|.*\+(json|xml)$)/;
const TEXT_NAME =
  /\.(txt|md|csv|tsv|json|ya?ml|toml|ini|cfg|conf|properties|env|pem|key|crt|log|xml|html?|ics|eml|sql|sh|ps1|py|js|ts|tf|tfvars)$|^\.?env/i;
const ATTACHMENT_TEXT_MAX_BYTES = 1024 * 1024;

/** What checks see of an attachment: its first bytes, and its text when it is text. */
export function scannedAttachment(
  attachment: { filename: string; contentType: string; bytes: Uint8Array },
  position: number,
  clip: Clip,
): ScannedAttachment {
  const { filename, bytes } = attachment;
  const contentType = (attachment.contentType.split(';')[0] ?? '').trim().toLowerCase();
  const head = Uint8Array.prototype.slice.call(bytes, 0, HEAD_MAX_BYTES);
  const isText = (TEXT_TYPE.test(contentType) || TEXT_NAME.test(filename)) && !head.includes(0);
  if (isText && bytes.byteLength > ATTACHMENT_TEXT_MAX_BYTES) clip.note(`attachment ${position}`);
  return {
    filename,
    contentType,
    sizeBytes: bytes.byteLength,
    head,
    text: isText ? new TextDecoder().decode(bytes.subarray(0, ATTACHMENT_TEXT_MAX_BYTES)) : null,
  };
}
