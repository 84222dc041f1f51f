import type { InboundMail } from '@postern/contracts';
import { withoutInvisible } from '../view/invisible.js';
import { HTML_MAX_CHARS } from '../view/read-body.js';
import { sanitiseHtml } from './sanitise-html.js';

/**
 * As much as the guard reads: what nobody has judged is not shown. No letter is as long, and twice as much, with its parts,
 * goes through the broker in one answer.
 */
const TEXT_MAX_CHARS = 1024 * 1024;
const CUT_NOTE = '\n\n[The text is cut here. The original of this message, /raw, has all of it.]\n';
/** More than is read of an original, so that a view says that it goes on. */
const ORIGINAL_HTML_MAX_CHARS = HTML_MAX_CHARS + 1;

export type MailContent = Pick<InboundMail, 'subject' | 'text' | 'html'>;

/** A received mail as everybody is shown it, and what the sender wrote where that is something else. */
export interface ShownContent extends MailContent {
  /** Null where it is the same. Its beginning, of a long one, here and below. */
  originalText: string | null;
  originalHtml: string | null;
}

/** Takes out of a received mail what acts, loads, or is not seen by a person, and what is longer than anybody reads. */
export async function shownContent({ subject, text, html }: MailContent): Promise<ShownContent> {
  const read = text === null ? null : beginning(text, TEXT_MAX_CHARS);
  const shownText = read === null ? null : withoutInvisible(read);
  const shownHtml = html === null ? null : await sanitiseHtml(html);
  return {
    subject: subject === null ? null : withoutInvisible(subject),
    text: read === text ? shownText : `${shownText}${CUT_NOTE}`,
    html: shownHtml,
    originalText: shownText === read ? null : read,
    originalHtml: html === null || shownHtml === html ? null : beginning(html, ORIGINAL_HTML_MAX_CHARS),
  };
}

/** Half a surrogate pair cannot be stored. */
const beginning = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : text.slice(0, maxChars).toWellFormed();
