import type { Attributes } from '@postern/mail-html';

/** What mail clients put around the mail that is answered, beside `blockquote`. */
const QUOTING = /(?:^|\s)(?:x_)*(?:yahoo_quoted|OutlookMessageHeader|moz-cite-prefix|gmail_attr)(?:\s|$)/;
/** What Outlook puts above the mail that is answered: everything behind it is that mail. */
const REST_FROM = /^(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)$/;
const SIGNING = /(?:^|\s)(?:x_)*(?:gmail_signature|moz-signature|protonmail_signature_block)(?:\s|$)/;
const SIGNING_ID = /^(?:x_)*(?:Signature|AppleMailSignature|ms-outlook-mobile-signature)$/;

/** What the markup itself says about the role of what stands in an element. */
export interface Role {
  /** It is a quote, shown with quote marks. */
  quotes: boolean;
  /** It belongs to the history, without quote marks. */
  history: boolean;
  /** So does everything behind its beginning. */
  restIsHistory: boolean;
  signs: boolean;
}

export function roleOf(tag: string, { class: names = '', id = '', style = '' }: Attributes): Role {
  return {
    // Editors indent with block quotes that have no border.
    quotes: tag === 'blockquote' && !/border(?:-left)?\s*:\s*(?:none|0)/i.test(style),
    history: QUOTING.test(names),
    restIsHistory: REST_FROM.test(id),
    signs: SIGNING.test(names) || SIGNING_ID.test(id),
  };
}

/** Elements that begin on a line of their own, with the line breaks around them. */
export const BREAKS: ReadonlyMap<string, 1 | 2> = new Map([
  ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'table', 'blockquote', 'pre'].map(
    (tag) => [tag, 2] as const,
  ),
  ...['div', 'tr', 'li', 'dt', 'dd', 'section', 'article', 'header', 'footer', 'main', 'center', 'address'].map(
    (tag) => [tag, 1] as const,
  ),
]);
export const EMPHASIS: ReadonlyMap<string, '**' | '*'> = new Map([
  ['b', '**'],
  ['strong', '**'],
  ['i', '*'],
  ['em', '*'],
]);

/** Pictures that count readers, and spacers. */
const PIXEL_MAX_PX = 2;

/**
 * What is said of a picture: its text, and which attachment it is. Not where it lies: a viewer would fetch it, and tell the
 * sender whatever the address says (EchoLeak, CVE-2025-32711).
 * @returns null when a person sees nothing worth a word.
 */
export function pictureText({ width, height, alt = '', src = '' }: Attributes): string | null {
  const isSmall = (size: string | undefined): boolean => size !== undefined && Number.parseFloat(size) <= PIXEL_MAX_PX;
  const attached = /^cid:[^\s<>]{1,200}$/i.test(src) ? src : '';
  if ((alt.trim() === '' && attached === '') || isSmall(width) || isSmall(height)) return null;
  return `image: ${[alt.trim(), attached].filter((part) => part !== '').join(', ')}`;
}
