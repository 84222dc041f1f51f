import type { HeaderField, ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';

/** api.md §1: a finished outbound MIME is at most 10 MB, an inbound one at most the SMTP size. */
const OUTBOUND_MAX_BYTES = 10 * 1024 * 1024;
const INBOUND_MAX_BYTES = 26_214_400;
/** One send takes at most 100 attachments; real mail with more has not been seen. */
const ATTACHMENTS_MAX = 100;
/** Long mailing list and relay chains reach about 150. */
const HEADERS_MAX = 300;
/** RFC 5322 §2.1.1, without the CRLF. */
const HEADER_LINE_MAX = 998;

/** RFC 5322 §3.6 and RFC 2045 §3: at most once. What readers disagree on when it stands twice. */
const ONCE = new Map([
  ['from', 0.9],
  ['sender', 0.6],
  ['reply-to', 0.6],
  ['subject', 0.6],
  ['content-type', 0.7],
  ['content-transfer-encoding', 0.7],
  ['message-id', 0.3],
  ['date', 0.3],
  ['to', 0.3],
  ['cc', 0.3],
  ['mime-version', 0.3],
]);

const odd = (confidence: number, detail: string): Finding =>
  finding('mime_structure', 'suspicious', confidence, detail);

/** Looks for messages that are not built as mail is: readers of such mail see different things. */
export const mimeStructureCheck: Check = {
  name: 'mime_structure',
  direction: 'both',
  run(mail: ScannedMail): Finding[] {
    const found = [...sizes(mail), ...repeated(mail.headers), ...senders(mail.headers)];
    if (mail.parseError !== null) found.push(odd(0.9, 'The message cannot be read as MIME.'));
    if (mail.headers.some((field) => field.controls)) found.push(odd(0.7, 'A header holds NUL or a bare CR.'));
    if (mail.headers.some((field) => field.longestLine > HEADER_LINE_MAX)) {
      found.push(odd(0.2, `A header line is longer than ${HEADER_LINE_MAX} characters.`));
    }
    if (mail.direction === 'outbound' && mail.headers.some((field) => field.name === 'bcc')) {
      found.push(odd(0.9, 'A Bcc header would show hidden recipients to all.'));
    }
    return found;
  },
};

function sizes(mail: ScannedMail): Finding[] {
  const found: Finding[] = [];
  const max = mail.direction === 'outbound' ? OUTBOUND_MAX_BYTES : INBOUND_MAX_BYTES;
  if (mail.sizeBytes > max) found.push(odd(0.6, `The message has ${mail.sizeBytes} octets; ${max} are allowed.`));
  if (mail.attachments.length > ATTACHMENTS_MAX) found.push(odd(0.6, `It has ${mail.attachments.length} attachments.`));
  if (mail.headers.length > HEADERS_MAX) found.push(odd(0.6, `It has ${mail.headers.length} header fields.`));
  return found;
}

function repeated(headers: readonly HeaderField[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { name } of headers) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...ONCE].flatMap(([name, confidence]) => {
    const count = counts.get(name) ?? 0;
    return count > 1 ? [odd(confidence, `Header ${name} stands ${count} times; readers choose differently.`)] : [];
  });
}

function senders(headers: readonly HeaderField[]): Finding[] {
  const from = headers.find((field) => field.name === 'from');
  if (from === undefined) return [odd(0.5, 'It has no From header.')];
  const addresses = from.value.replaceAll(/"[^"]*"/g, '').match(/<[^<>@]*@[^<>]*>/g)?.length ?? 0;
  return addresses > 1 ? [odd(0.6, `Header from names ${addresses} addresses.`)] : [];
}
