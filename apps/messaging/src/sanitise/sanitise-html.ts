import { SHOWN_ATTRIBUTES, SHOWN_TAGS, visibleHtmlInTurns } from '@postern/mail-html';
import sanitize from 'sanitize-html';
import { withoutInvisible } from '../view/invisible.js';

/**
 * Less than the guard reads: what nobody has judged is not shown. Mail clients cut at about 100 KB (Gmail clips at 102); the
 * worst HTML of this length keeps a process busy for half a second.
 */
const HTML_MAX_CHARS = 512 * 1024;

const OPTIONS: sanitize.IOptions = {
  allowedTags: [...SHOWN_TAGS],
  allowedAttributes: Object.fromEntries(Object.entries(SHOWN_ATTRIBUTES).map(([tag, names]) => [tag, [...names]])),
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['cid'] },
  allowProtocolRelative: false,
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined && !attribs['alt'],
};

/**
 * HTML that is safe to show and holds what a person sees of a mail: no scripts, forms, frames, styles or comments, no hidden
 * text, no characters without a shape; links lead to the web or to an address, pictures are those of the mail.
 * First what is hidden goes, since only styles tell; then the sanitiser judges what is left. Time grows with the length, up to
 * a bound; HTML beyond it is left out. Never rejects.
 */
export async function sanitiseHtml(html: string): Promise<string> {
  const visible = await visibleHtmlInTurns(html, HTML_MAX_CHARS);
  // Before the addresses are judged: such a character inside a scheme would hide it from the sanitiser.
  return sanitize(withoutInvisible(visible.html), OPTIONS).trim();
}
