import { parse } from 'tldts';
import type { ScannedMail } from '../../normalise/scanned-mail.js';

/** Something that a mail points to. */
export interface Link {
  kind: 'page' | 'picture' | 'form';
  /** As it stands. */
  target: string;
  /** What a person sees in its place; empty where the target itself is seen. */
  text: string;
  /** Written as Markdown or plain text, not as HTML. */
  written: 'html' | 'markdown' | 'plain';
}

const PLAIN = /\bhttps?:\/\/[^\s<>"'`)\]}]{1,2048}/gi;
const MARKDOWN =
  /(?<picture>!?)\[(?<text>[^\][\n]{0,200})\]\(\s?<?(?<target>[a-z][a-z0-9+.-]{1,20}:[^\s)<>]{1,2048})/gi;
/** `[name]: target`, at the start of a line. */
const REFERENCE = /^[ \t>]{0,12}\[[^\]\n]{1,100}\]:[ \t]{1,4}<?(?<target>https?:\/\/[^\s<>]{1,2048})/gim;
const LINKS_MAX = 2_000;

/** Everything that a mail points to: of its HTML, its text and its documents, each target once for each way it is written. */
export function linksOf(mail: ScannedMail): Link[] {
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

/** Where a link leads, as far as its text tells. */
export interface Place {
  /** Lower case, in A-labels. */
  host: string;
  /** The part that somebody registered, such as `example.co.uk`; null for addresses and names without one. */
  domain: string | null;
  isIp: boolean;
  url: URL;
}

/** @returns null when it leads to no host: no URL, `mailto:`, `cid:`. */
export function placeOf(target: string): Place | null {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    return null;
  }
  if (!/^(?:https?|ftp):$/.test(url.protocol) || url.hostname === '') return null;
  const { domain, isIp } = parse(url.hostname, { allowPrivateDomains: true });
  return { host: url.hostname, domain, isIp: isIp === true, url };
}
