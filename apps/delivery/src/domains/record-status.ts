import type { RecordStatus } from '@postern/contracts';
import { OWNERSHIP_PREFIX, SES_SPF, type WantedRecord } from './wanted-records.js';

/** What the DNS holds at one name. `cnames`: the targets one after the other, as far as they lead. */
export interface Found {
  txt?: readonly string[];
  mx?: readonly { exchange: string; priority: number }[];
  cnames?: readonly string[];
}

/**
 * Whether what was found is what is wanted. Pure.
 * @param found  null when the DNS did not answer.
 * @returns null when nothing can be said.
 */
export function recordStatus(wanted: WantedRecord, found: Found | null): RecordStatus | null {
  if (found === null) return null;
  switch (wanted.type) {
    case 'MX':
      return mxStatus(wanted, found.mx ?? []);
    case 'CNAME':
      return among(found.cnames ?? [], (target) => sameHost(target, wanted.value));
    case 'TXT':
      return txtStatus(wanted, found.txt ?? []);
  }
}

/** RFC 4343: names are compared without case. The dot at the end is the root. */
const sameHost = (one: string, other: string): boolean => hostKey(one) === hostKey(other);
const hostKey = (host: string): string => host.replace(/\.$/, '').toLowerCase();

const among = (values: readonly string[], fits: (value: string) => boolean): RecordStatus => {
  if (values.length === 0) return 'missing';
  return values.some(fits) ? 'valid' : 'invalid';
};

function mxStatus({ value, purpose }: WantedRecord, found: NonNullable<Found['mx']>): RecordStatus {
  const host = value.slice(value.indexOf(' ') + 1);
  if (found.length === 0) return 'missing';
  // SES takes a MAIL FROM domain only with this one record.
  if (purpose === 'mail_from' && found.length > 1) return 'invalid';
  // RFC 5321 §5.1: mail goes to the lowest preference; the others see it only when that one is away.
  const best = Math.min(...found.map(({ priority }) => priority));
  return among(
    found.filter(({ priority }) => priority === best).map(({ exchange }) => exchange),
    (exchange) => sameHost(exchange, host),
  );
}

function txtStatus({ value, purpose }: WantedRecord, found: readonly string[]): RecordStatus {
  const texts = found.map((text) => text.trim());
  if (purpose === 'spf') return spfStatus(texts);
  if (purpose === 'dmarc') return dmarcStatus(texts);
  // Other tokens may stand beside ours: of another organization, account or region.
  const ofOurs = purpose === 'ownership' ? texts.filter((text) => text.startsWith(OWNERSHIP_PREFIX)) : texts;
  return among(ofOurs, (text) => text === value);
}

/** RFC 7208 §4.5: exactly one record; two are as bad as none. */
function spfStatus(texts: readonly string[]): RecordStatus {
  const policies = texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
  if (policies.length === 0) return 'missing';
  const terms = policies[0]?.toLowerCase().split(/ +/) ?? [];
  return policies.length === 1 && (terms.includes(SES_SPF) || terms.includes(`+${SES_SPF}`)) ? 'valid' : 'invalid';
}

/** RFC 7489 §6.3 and §6.6.3: one record, whose version comes first; any policy is the owner's choice. */
function dmarcStatus(texts: readonly string[]): RecordStatus {
  const policies = texts.filter((text) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(text));
  if (policies.length === 0) return 'missing';
  const isWhole = /;\s*p\s*=\s*(?:none|quarantine|reject)\s*(?:;|$)/i.test(policies[0] ?? '');
  return policies.length === 1 && isWhole ? 'valid' : 'invalid';
}
