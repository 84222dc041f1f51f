import type { AutomaticMail } from '@postern/contracts';
import { firstValue, type HeaderBlock } from './header-block.js';

/** RFC 6522 §3: the parameter tells what kind of report it is. */
const REPORT = /^\s*multipart\/report\b/i;
const DELIVERY_STATUS = /report-type\s*=\s*"?delivery-status\b/i;
/** RFC 3464 §2.3.3: in the fields of a recipient; `delayed`, `delivered` and the like are no failure. */
const FAILED = /^Action:[ \t]*failed\b/im;
/** Where to look for it: these fields come before the returned mail. */
const REPORT_MAX_BYTES = 256 * 1024;
/** vacation(1) and its kin, from before RFC 3834; `list` is what people write to mailing lists. */
const MACHINE_PRECEDENCE = /^\s*(?:auto[_-]?reply|bulk|junk)\b/i;
/** RFC 3834 §5: any value but `no`, which may have a comment or parameters behind it. */
const NOT_AUTOMATIC = /^\s*(?:\([^)]*\)\s*)*no\b/i;

/**
 * Whether a machine sent a mail, as far as header and envelope say.
 * @param raw  the whole mail.
 * @param mailFrom  the envelope sender. Only machines leave it empty (RFC 5321 §4.5.5).
 */
export function readAutomatic(header: HeaderBlock, raw: Buffer, mailFrom: string): AutomaticMail | null {
  return saidByHeader(header, raw) ?? (mailFrom === '' ? 'auto_reply' : null);
}

function saidByHeader(header: HeaderBlock, raw: Buffer): AutomaticMail | null {
  const type = firstValue(header, 'content-type') ?? '';
  if (REPORT.test(type)) {
    if (!DELIVERY_STATUS.test(type)) return 'report';
    const body = raw.subarray(header.bodyOffset, header.bodyOffset + REPORT_MAX_BYTES).toString('latin1');
    return FAILED.test(body) ? 'bounce' : 'report';
  }
  const submitted = firstValue(header, 'auto-submitted');
  if (submitted !== null && submitted.trim() !== '') return NOT_AUTOMATIC.test(submitted) ? null : 'auto_reply';
  const marked = ['x-autoreply', 'x-autorespond'].some((name) => {
    const value = firstValue(header, name);
    return value !== null && !/^\s*no\b/i.test(value);
  });
  return marked || MACHINE_PRECEDENCE.test(firstValue(header, 'precedence') ?? '') ? 'auto_reply' : null;
}
