import { CHANNEL_MAX_CHARS } from '../normalise/scanned-mail.js';
import type { NamedBytes } from './document-format.js';
import { decodeText } from './decode-text.js';

const TEXT_TYPE =
  /^(text\/|message\/|application\/(json|xml|yaml|x-yaml|toml|x-sh|x-pem-file|javascript|sql)$|.*\+(json|xml)$)/;
const TEXT_NAME =
  /\.(txt|md|csv|tsv|json|ya?ml|toml|ini|cfg|conf|properties|env|pem|key|crt|log|xml|html?|ics|vcf|eml|sql|sh|ps1|py|js|ts|tf|tfvars)$|^\.?env/i;
const HEAD_BYTES = 4096;

/**
 * The text of an attachment that is text by type or name and by its first octets; else null.
 * `cut`: there is more than is looked at.
 */
export function plainTextOf({ filename, contentType, bytes }: NamedBytes): { text: string; cut: boolean } | null {
  if (!TEXT_TYPE.test(contentType) && !TEXT_NAME.test(filename)) return null;
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!wide && bytes.subarray(0, HEAD_BYTES).includes(0)) return null;
  const maxBytes = wide ? 2 * CHANNEL_MAX_CHARS : CHANNEL_MAX_CHARS;
  return { text: decodeText(bytes.subarray(0, maxBytes)), cut: bytes.byteLength > maxBytes };
}
