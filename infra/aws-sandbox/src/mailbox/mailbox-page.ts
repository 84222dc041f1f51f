import { escapeMarkup } from '../http/xml.js';
import { headerValue, readRawMessage } from '../ses/raw-message.js';
import type { MessageFilter, TakenMessage } from './mailbox.js';

/** A page stays readable: longer messages are cut in it, never in the API. */
const SHOWN_BYTES = 64 * 1024;

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1d1d24 }
  details { border-top: 1px solid #ddd; padding: .5rem 0 }
  summary { cursor: pointer } summary small { color: #6a6a75 }
  pre { background: #f5f5f7; padding: 1rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
  input { font: inherit; padding: .2rem .5rem }`;

const row = (message: TakenMessage): string => {
  const subject = headerValue(readRawMessage(message.raw), 'subject') ?? '(no subject)';
  const cut = message.raw.length > SHOWN_BYTES ? `\n… ${message.raw.length - SHOWN_BYTES} more bytes` : '';
  return `<details><summary>${escapeMarkup(subject)}<br>
<small>${escapeMarkup(`${message.source} → ${message.destinations.join(', ')} · ${message.at.toISOString()}`)}</small></summary>
<pre>${escapeMarkup(message.raw.subarray(0, SHOWN_BYTES).toString() + cut)}</pre></details>`;
};

/**
 * The mailbox for people.
 * @param messages  newest first.
 * @param count  all that match, of which `messages` are the newest.
 */
export const mailboxPage = (messages: readonly TakenMessage[], count: number, filter: MessageFilter): string => {
  const field = (name: 'to' | 'contains'): string =>
    `<input name="${name}" placeholder="${name}" value="${escapeMarkup(filter[name] ?? '')}">`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>AWS sandbox: mail</title><style>${STYLE}</style></head><body>
<h1>Mail that SES would have sent</h1>
<form>${field('to')} ${field('contains')} <button>Filter</button></form>
<p>${count} messages${count > messages.length ? `, the newest ${messages.length} shown` : ''}</p>
${messages.map(row).join('\n')}
</body></html>
`;
};
