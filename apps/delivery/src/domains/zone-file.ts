import type { DomainRecord } from '@postern/contracts';
import type { WantedRecord } from './wanted-records.js';

const TTL_SECONDS = 3600;
/** RFC 1035 §3.3: a character string has at most 255 octets. */
const STRING_MAX = 255;

/** The records as a zone file (RFC 1035 §5): names are whole, so that any `$ORIGIN` does. Pure. */
export function zoneFile(name: string, records: readonly (WantedRecord | DomainRecord)[]): string {
  const lines = records.map((record) => `${record.name}. ${TTL_SECONDS} IN ${record.type} ${dataOf(record)}`);
  return [`; DNS records of ${name} for Postern`, `$TTL ${TTL_SECONDS}`, ...lines, ''].join('\n');
}

function dataOf({ type, value }: WantedRecord): string {
  return type === 'TXT' ? quoted(value) : `${value}.`;
}

function quoted(text: string): string {
  const strings = text.match(new RegExp(`.{1,${STRING_MAX}}`, 'gs')) ?? [''];
  return strings.map((string) => `"${string.replace(/["\\]/g, '\\$&')}"`).join(' ');
}
