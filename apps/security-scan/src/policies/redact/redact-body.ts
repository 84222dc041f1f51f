import type { MessageEdit } from '@postern/contracts';
import type { MessageBody } from '../policy.js';
import { redactHtml } from './redact-html.js';
import { redactText, type RedactedKinds } from './redact-text.js';

/** HTTP contract: the longest subject. A label may be longer than what it stands for. */
const SUBJECT_MAX_CHARS = 998;

/** What a message would have to say instead; null when it holds nothing of these kinds. Redacting twice changes nothing more. */
export function redactBody({ subject, text, html }: MessageBody, kinds: RedactedKinds): MessageEdit | null {
  const edit: MessageEdit = {};
  const clean = {
    subject: redactText(subject, kinds).slice(0, SUBJECT_MAX_CHARS),
    text: text === null ? null : redactText(text, kinds),
    html: html === null ? null : redactHtml(html, kinds),
  };
  if (clean.subject !== subject) edit.subject = clean.subject;
  if (clean.text !== text && clean.text !== null) edit.text = clean.text;
  if (clean.html !== html && clean.html !== null) edit.html = clean.html;
  return Object.keys(edit).length === 0 ? null : edit;
}
