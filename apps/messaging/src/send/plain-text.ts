import { convert } from 'html-to-text';

/**
 * How much HTML is read for the text part. Readers cut mail at about 100 KB (Gmail clips at 102); 256 KB of the worst HTML
 * (a tag in a tag, all the way) took 0.4 s.
 */
const HTML_MAX_CHARS = 256 * 1024;
/** Depth of the tree from which on text is left out. Below 1,000 the converter was seen to run out of stack. */
const DEPTH_MAX = 200;
const REST_IS_HTML = '\n\n[The rest of this message is in its HTML part.]';

/** The text part for HTML that comes without one. What is left out of it is said at its end. */
export function plainTextOf(html: string): string {
  const text = convert(html.slice(0, HTML_MAX_CHARS), {
    wordwrap: false,
    selectors: [
      { selector: 'img', format: 'skip' },
      // Nobody shouted in the HTML.
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
    limits: { maxDepth: DEPTH_MAX, ellipsis: '[…]' },
  });
  return html.length > HTML_MAX_CHARS ? text + REST_IS_HTML : text;
}
