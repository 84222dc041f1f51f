import type { Feedback } from '@postern/contracts';
import { cleanAddress } from './addresses.js';
import { cleanLine } from './clean-text.js';
import { firstValue, type HeaderBlock, readHeaderBlock, readMessageId } from './header-block.js';

/** A part of a mail. */
export interface Part {
  /** Lower case, without parameters. */
  contentType: string;
  bytes: Buffer;
}

type Recipient = Feedback['recipients'][number];

/** What a report says of a message. */
export interface MailReport {
  /** The Message-ID of the message, in brackets. */
  about: string;
  news: { kind: 'bounced' | 'delayed' | 'complained'; type: string; recipients: Recipient[] }[];
}

const FIELDS_MAX_BYTES = 256 * 1024;
/** Twice the recipients that a message of ours may have. */
const RECIPIENTS_MAX = 100;
const DIAGNOSTIC_MAX_CHARS = 1_000;
/** RFC 3463 §2. */
const STATUS = /^\s*([245]\.\d{1,3}\.\d{1,3})\b/;
/** RFC 3463 §3.2 and §3.3, RFC 7505 §4.2: the address does not exist, is no address, has moved, is switched off, its domain takes no mail. */
const NO_SUCH_ADDRESS = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** RFC 3464 §2.1.1 and RFC 5965 §2: what the third part of a report is. */
const RETURNED = new Set(['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/global-headers']);
const DELIVERY_STATUS = new Set(['message/delivery-status', 'message/global-delivery-status']);

/**
 * Reads a delivery status (RFC 3464) or a complaint (RFC 5965). Pure.
 * @returns null when it says nothing of a message that can be found: news that are neither a failure nor a delay included.
 */
export function readReport(parts: readonly Part[]): MailReport | null {
  const returned = parts.find(({ contentType }) => RETURNED.has(contentType));
  if (returned === undefined) return null;
  const about = readMessageId(firstValue(readHeaderBlock(returned.bytes), 'message-id'));
  if (about === null) return null;
  const news = parts.flatMap(({ contentType, bytes }) => {
    if (DELIVERY_STATUS.has(contentType)) return readDeliveryStatus(bytes);
    return contentType === 'message/feedback-report' ? readComplaint(bytes) : [];
  });
  return news.length === 0 ? null : { about, news: inGroups(news) };
}

type OneNews = Omit<MailReport['news'][number], 'recipients'> & { recipient: Recipient };

/** RFC 3464 §2: groups of fields with empty lines between, the first about the message, the others about a recipient each. */
function readDeliveryStatus(bytes: Buffer): OneNews[] {
  const groups = bytes
    .subarray(0, FIELDS_MAX_BYTES)
    .toString('latin1')
    .split(/\r?\n(?:[ \t]*\r?\n)+/);
  return groups.slice(0, RECIPIENTS_MAX + 1).flatMap((text): OneNews[] => {
    const fields = readHeaderBlock(Buffer.from(text.trimStart(), 'latin1'));
    const address = addressIn(fields, 'original-recipient') || addressIn(fields, 'final-recipient');
    const action = firstValue(fields, 'action')?.toLowerCase();
    if (address === '' || (action !== 'failed' && action !== 'delayed')) return [];
    const status = STATUS.exec(firstValue(fields, 'status') ?? '')?.[1] ?? null;
    const diagnostic = cleanLine(firstValue(fields, 'diagnostic-code') ?? '', DIAGNOSTIC_MAX_CHARS) || null;
    const recipient = { address, status, diagnostic };
    if (action === 'delayed') return [{ kind: 'delayed', type: 'Undetermined', recipient }];
    return [{ kind: 'bounced', type: typeOfBounce(status), recipient }];
  });
}

/** As SES names them; only `Permanent` suppresses. */
function typeOfBounce(status: string | null): string {
  if (status === null) return 'Undetermined';
  if (NO_SUCH_ADDRESS.has(status)) return 'Permanent';
  return status.startsWith('4') ? 'Transient' : 'Undetermined';
}

/** RFC 5965 §3.2: Original-Rcpt-To may stand several times; without it nobody can tell who complains. */
function readComplaint(bytes: Buffer): OneNews[] {
  const { fields, ...rest } = readHeaderBlock(bytes.subarray(0, FIELDS_MAX_BYTES));
  const type = cleanLine(firstValue({ fields, ...rest }, 'feedback-type') ?? '', 100).toLowerCase();
  return fields
    .filter(({ name }) => name === 'original-rcpt-to')
    .slice(0, RECIPIENTS_MAX)
    .flatMap(({ value }): OneNews[] => {
      const address = bareAddress(value);
      if (address === '') return [];
      return [{ kind: 'complained', type, recipient: { address, status: null, diagnostic: null } }];
    });
}

/** RFC 3464 §2.3.1: a type and an address, as `rfc822;ann@example.com`. */
function addressIn(fields: HeaderBlock, name: string): string {
  const value = firstValue(fields, name) ?? '';
  return bareAddress(value.slice(value.indexOf(';') + 1));
}

const bareAddress = (value: string): string => cleanAddress(value.trim().replace(/^<(.*)>$/, '$1'));

/** Feedback has one kind and type for all whom it names. */
function inGroups(news: readonly OneNews[]): MailReport['news'] {
  const groups = new Map<string, MailReport['news'][number]>();
  for (const { kind, type, recipient } of news) {
    const key = `${kind} ${type}`;
    const group = groups.get(key) ?? { kind, type, recipients: [] };
    group.recipients.push(recipient);
    groups.set(key, group);
  }
  return [...groups.values()];
}
