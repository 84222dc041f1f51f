import { AwsError } from '../http/aws-error.js';

/** One header field: its name as written, its value unfolded, and its lines as they were. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  readonly lines: string;
}

/** A message taken apart so far as SES looks at it. */
export interface RawMessage {
  readonly fields: readonly HeaderField[];
  /** From the empty line on, untouched. */
  readonly rest: Buffer;
}

const refused = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

// SES developer guide, "Amazon SES header fields": a message with one of these twice is refused.
const ONCE_ONLY = new Set(
  `accept-language acceptlanguage archived-at auto-submitted bounces-to comments content-alternative content-base
  content-class content-description content-disposition content-duration content-id content-language content-length
  content-location content-md5 content-transfer-encoding content-type date delivered-to disposition-notification-options
  disposition-notification-to dkim-signature domainkey-signature errors-to from importance in-reply-to keywords
  list-archive list-help list-id list-owner list-post list-subscribe list-unsubscribe list-unsubscribe-post
  message-context message-id mime-version organization original-from original-message-id original-recipient
  original-subject precedence priority references reply-to return-path return-receipt-to sender sensitivity solicitation
  subject thread-index thread-topic user-agent vbr-info`.split(/\s+/),
);

// RFC 5322 §2.2: a field name is printable ASCII without the colon.
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:(.*)$/s;

/** Where the header section ends (its last line break included). A message may be headers alone. */
const headerLength = (raw: Buffer): number => {
  if (raw.length === 0) return 0;
  const text = raw.toString('latin1', 0, 2);
  if (text.startsWith('\n') || text === '\r\n') return 0;
  for (let at = raw.indexOf(0x0a); at !== -1; at = raw.indexOf(0x0a, at + 1)) {
    if (raw[at + 1] === 0x0a || (raw[at + 1] === 0x0d && raw[at + 2] === 0x0a)) return at + 1;
  }
  return raw.length;
};

/**
 * Reads the header section.
 * @throws AwsError `InvalidParameterValue` for a line that is no header, and for once-only headers that come twice.
 */
export const readRawMessage = (raw: Buffer): RawMessage => {
  const length = headerLength(raw);
  // Latin-1 maps octets to characters one to one, so what is written back is what came in.
  const section = raw.toString('latin1', 0, length);
  const fields: HeaderField[] = [];
  const seen = new Set<string>();
  for (const lines of section.match(/[^\n]+\n?(?:[ \t][^\n]*\n?)*/g) ?? []) {
    const match = FIELD.exec(lines.replace(/\r?\n$/, ''));
    const name = match?.[1];
    if (name === undefined || match?.[2] === undefined) throw refused('Empty header names are illegal.');
    if (ONCE_ONLY.has(name.toLowerCase()) && seen.has(name.toLowerCase())) throw refused(`Duplicate header '${name}'.`);
    seen.add(name.toLowerCase());
    fields.push({ name, value: match[2].replace(/\r?\n(?=[ \t])/g, '').trim(), lines });
  }
  if (!seen.has('from')) throw refused("Missing required header 'From'.");
  return { fields, rest: raw.subarray(length) };
};

/** The value of the first field of a name, in any case. */
export const headerValue = (message: RawMessage, name: string): string | undefined =>
  message.fields.find((field) => field.name.toLowerCase() === name)?.value;

// RFC 5322 §3.3 date-time.
const headerDate = (date: Date): string => date.toUTCString().replace('GMT', '+0000');

/**
 * The message as SES sends it: Message-ID and Date are its own, headers that speak to SES are gone.
 * Source: SES developer guide, "Amazon SES header fields" and "Specifying a configuration set".
 */
export const asSent = (message: RawMessage, messageIdHeader: string, at: Date): Buffer => {
  const replaced = (name: string): boolean => /^(?:message-id|date|x-ses-.*)$/i.test(name);
  const kept = message.fields.filter((field) => !replaced(field.name)).map((field) => field.lines);
  const last = kept.pop() ?? '';
  const section = [...kept, last.endsWith('\n') ? last : `${last}\r\n`].join('');
  const own = `Message-ID: ${messageIdHeader}\r\nDate: ${headerDate(at)}\r\n`;
  return Buffer.concat([Buffer.from(section + own, 'latin1'), message.rest]);
};
