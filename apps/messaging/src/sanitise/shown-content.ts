import type { InboundMail } from '@postern/contracts';
import { withoutInvisible } from '../view/invisible.js';
import { sanitiseHtml } from './sanitise-html.js';

export type MailContent = Pick<InboundMail, 'subject' | 'text' | 'html'>;

/** A received mail as everybody is shown it, and what the sender wrote where that is something else. */
export interface ShownContent extends MailContent {
  /** Null where it is the same. */
  originalText: string | null;
  originalHtml: string | null;
}

/** Takes out of a received mail what acts, loads, or is not seen by a person. */
export async function shownContent({ subject, text, html }: MailContent): Promise<ShownContent> {
  const shownText = text === null ? null : withoutInvisible(text);
  const shownHtml = html === null ? null : await sanitiseHtml(html);
  return {
    subject: subject === null ? null : withoutInvisible(subject),
    text: shownText,
    html: shownHtml,
    originalText: shownText === text ? null : text,
    originalHtml: shownHtml === html ? null : html,
  };
}
