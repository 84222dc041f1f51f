import { MARKER } from './escape-markdown.js';
import type { Block } from './read-body.js';
import { estimateTokens } from './token-estimate.js';

/** Enough of a random id that nobody guesses it. */
const SECRET_CHARS = 8;

/**
 * The name of all markers in the rendering of one message. It derives from the message's id, which nobody knew when the mail
 * was written; and `<` is escaped in everything that the mail says.
 */
export const boundaryOf = (messageId: string): string => `${MARKER}${messageId.slice(-SECRET_CHARS)}`;

/** Puts a block that is not new between markers. */
export function framed(boundary: string, kind: Block['kind'], markdown: string, continued: boolean): string {
  if (kind === 'new') return markdown;
  return `<${boundary} part="${kind}"${continued ? ' continued' : ''}>\n${markdown}\n</${boundary}>`;
}

/** What the markers around a block cost, and the empty line before it. */
export const frameTokens = (boundary: string, kind: Block['kind'], continued: boolean): number =>
  estimateTokens(`\n\n${framed(boundary, kind, '', continued)}`);

/** Says that something is left out here, and how to get it. */
export const cutMarker = (boundary: string, what: string, url: string): string =>
  `<${boundary} cut="${what}" read="GET ${url}"/>`;
