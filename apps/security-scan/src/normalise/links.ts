import type { Link, MailParts } from './scanned-mail.js';

const PLAIN = /\bhttps?:\/\/[^\s<>"'`)\]}]{1,2048}/gi;
const MARKDOWN =
  /(?<picture>!?)\[(?<text>[^\][\n]{0,200})\]\(\s?<?(?<target>[a-z][a-z0-9+.-]{1,20}:[^\s)<>]{1,2048})/gi;
/** `[name]: target`, at the start of a line. */
const REFERENCE = /^[ \t>]{0,12}\[[^\]\n]{1,100}\]:[ \t]{1,4}<?(?<target>https?:\/\/[^\s<>]{1,2048})/gim;
const LINKS_MAX = 2_000;

/** Everything that a mail points to: of its HTML, its text and its documents, each target once for each way it is written. */
export function linksOf(mail: MailParts): Link[] {
  const found = new Map<string, Link>();
  const note = (link: Link): void => {
    const key = `${link.written} ${link.kind} ${link.target} ${link.text}`;
    if (found.size < LINKS_MAX && !found.has(key)) found.set(key, link);
  };
  for (const link of mail.html?.links ?? []) note({ ...link, text: link.text.trim(), written: 'html' });
  for (const text of [
    mail.text,
    mail.html?.visible ?? '',
    ...mail.attachments.map(({ documentText }) => documentText ?? ''),
  ]) {
    for (const { groups } of text.matchAll(MARKDOWN)) {
      const kind = groups?.['picture'] === '!' ? 'picture' : 'page';
      note({ kind, target: groups?.['target'] ?? '', text: groups?.['text'] ?? '', written: 'markdown' });
    }
    for (const { groups } of text.matchAll(REFERENCE)) {
      note({ kind: 'page', target: groups?.['target'] ?? '', text: '', written: 'markdown' });
    }
    for (const [target] of text.matchAll(PLAIN)) note({ kind: 'page', target, text: '', written: 'plain' });
  }
  return [...found.values()];
}
