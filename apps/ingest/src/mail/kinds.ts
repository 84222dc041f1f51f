import type { AutomaticMail, MailKind } from '@postern/contracts';
import { readAutomatic } from './automatic.js';
import { firstValue, type HeaderBlock, readHeaderBlock } from './header-block.js';

/** RFC 6522 §3: what a report is about. RFC 8098 §3.1 and RFC 5965 §2. */
const REPORT_TYPE = /^\s*multipart\/report\b.*\breport-type\s*=\s*"?([a-z-]+)/i;
const KIND_OF_REPORT: Readonly<Record<string, MailKind>> = {
  'delivery-status': 'delivery_report',
  'disposition-notification': 'read_receipt',
  'feedback-report': 'complaint',
};
/** RFC 2919 and RFC 2369; newsletters have one of them as well as mailing lists. */
const LIST_FIELDS = ['list-id', 'list-post', 'list-unsubscribe'];
const LIST_PRECEDENCE = /^\s*list\b/i;
/** RFC 5545 §8.1, and what some calendars call their files. */
const CALENDAR = new Set(['text/calendar', 'application/ics']);

/**
 * What a mail is besides a letter; no kinds for a letter. Pure.
 * @param raw  the whole mail.
 * @param mailFrom  the envelope sender; empty for mail that nobody sent.
 * @param contentTypes  of its attachments, lower case.
 */
export function readKinds(
  raw: Buffer,
  mailFrom: string,
  contentTypes: readonly string[],
): { automatic: AutomaticMail | null; kinds: MailKind[] } {
  const header = readHeaderBlock(raw);
  const automatic = readAutomatic(header, raw, mailFrom);
  const kinds: MailKind[] = [];
  if (automatic !== null) kinds.push(automatic === 'report' ? kindOfReport(header) : automatic);
  const isList =
    LIST_FIELDS.some((name) => firstValue(header, name) !== null) ||
    LIST_PRECEDENCE.test(firstValue(header, 'precedence') ?? '');
  if (isList) kinds.push('list');
  if (contentTypes.some((type) => CALENDAR.has(type))) kinds.push('calendar');
  return { automatic, kinds };
}

function kindOfReport(header: HeaderBlock): MailKind {
  const type = REPORT_TYPE.exec(firstValue(header, 'content-type') ?? '')?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(KIND_OF_REPORT, type) ? KIND_OF_REPORT[type] : undefined) ?? 'report';
}
