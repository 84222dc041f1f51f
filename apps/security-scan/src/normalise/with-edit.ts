import type { MessageEdit } from '@postern/contracts';
import { Clip } from './clip.js';
import { withDerived } from './derived.js';
import { htmlChannels } from './html/html-channels.js';
import type { ScannedMail } from './scanned-mail.js';

/** A mail as it would read with other words; what is absent stays. */
export function withEdit(mail: ScannedMail, { subject, text, html }: MessageEdit): ScannedMail {
  const clip = new Clip();
  const edited = {
    ...mail,
    subject: subject ?? mail.subject,
    text: text === undefined ? mail.text : clip.text('text', text),
    html: html == null ? mail.html : htmlChannels(html, clip),
    cut: [...new Set([...mail.cut, ...clip.channels])],
  };
  return withDerived(edited);
}
