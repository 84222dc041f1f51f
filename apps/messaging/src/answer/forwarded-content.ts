import type { Address, ForwardBody } from '@postern/contracts';
import { textOf } from '../send/compose-mime.js';
import type { MessageWithState } from '../store/message.row.js';

type Forwarded = Pick<
  MessageWithState,
  'from_address' | 'from_name' | 'to_list' | 'cc_list' | 'subject' | 'created_at' | 'text_body' | 'html_body'
>;

const RULE = '---------- Forwarded message ----------';
const BODY_TAG = /<body\b[^>]*>/i;

/**
 * What a forwarded message says: the caller's own words, a block that names the original, and the original. As HTML too
 * when one of the two has it. The original's Bcc is named nowhere.
 */
export function forwardedContent(
  original: Forwarded,
  own: Pick<ForwardBody, 'text' | 'html'>,
): {
  text: string;
  html?: string;
} {
  const lines = originLines(original);
  const words = own.text === undefined && own.html === undefined ? null : textOf(own);
  const formerText = original.text_body ?? textOf({ html: original.html_body ?? '' });
  const head = [RULE, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\n');
  const text = [...(words === null ? [] : [words]), head, formerText].join('\n\n');
  if (own.html === undefined && original.html_body === null) return { text };
  const ownHtml = own.html ?? (words === null ? '' : `${asHtml(words)}<br>`);
  const headHtml = [RULE, ...lines.map(([name, value]) => `<b>${name}:</b> ${escaped(value)}`)].join('<br>');
  const above = `${ownHtml}<div>${headHtml}</div><br>`;
  return { text, html: original.html_body === null ? above + asHtml(formerText) : put(above, original.html_body) };
}

function originLines(original: Forwarded): [name: string, value: string][] {
  const people = (list: readonly Address[]): string => list.map(shown).join(', ');
  const cc = people(original.cc_list);
  return [
    ['From', shown({ address: original.from_address, name: original.from_name })],
    ['Date', original.created_at.toUTCString()],
    ['Subject', oneLine(original.subject ?? '')],
    ['To', people(original.to_list)],
    ...(cc === '' ? [] : [['Cc', cc] as [string, string]]),
  ];
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** Somebody else chose the name: it stays on its line. */
const shown = ({ address, name }: Address): string => oneLine(name === null ? address : `${name} <${address}>`);

/** Into the body of a whole document, before everything in it; before a fragment. */
function put(above: string, html: string): string {
  const body = BODY_TAG.exec(html);
  if (body === null) return above + html;
  const at = body.index + body[0].length;
  return html.slice(0, at) + above + html.slice(at);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);

const asHtml = (text: string): string => `<div style="white-space: pre-wrap">${escaped(text)}</div>`;
