import type { ReceivedBody } from '@postern/contracts';
import { textParts } from '../text-parts/text-parts.js';

/** The HTTP contract: text and HTML of an event have at most this together. */
const BODY_MAX_BYTES = 256 * 1024;

/** What an event tells of the content of a message, once it may be read. */
export function announcedBody({ text, html }: Pick<ReceivedBody, 'text' | 'html'>): ReceivedBody {
  const size = Buffer.byteLength(text ?? '') + Buffer.byteLength(html ?? '');
  if (size <= BODY_MAX_BYTES) return { text, html, truncated: false, text_parts: textParts(text ?? '') };
  // Half an HTML document is of no use; the text is cut at a character.
  const cut = Buffer.from(text ?? '')
    .subarray(0, BODY_MAX_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
  return { text: text === null ? null : cut, html: null, truncated: true, text_parts: textParts(cut) };
}
