import { domainToASCII } from 'node:url';
import type { Address } from '@postern/contracts';
import type { AddressObject, EmailAddress } from 'mailparser';
import { cleanLine } from './clean-text.js';

const NAME_MAX_CHARS = 500;
const ADDRESS_MAX_CHARS = 320;
const ADDRESSES_MAX = 1_000;
/** RFC 5322 §4.4: an obsolete route before the address. */
const ROUTE = /^@[^:]*:/;
const PLAUSIBLE = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()\\,;:"]+$|^"[^"\r\n]*"@[^\s@<>()\\,;:"]+$/;

/** An address as the rest of the system compares it: no route, no comments, the domain in A-labels; empty when it is none. */
export function cleanAddress(address: string | undefined): string {
  const line = cleanLine(address ?? '', ADDRESS_MAX_CHARS).replace(ROUTE, '');
  if (!PLAUSIBLE.test(line)) return '';
  const at = line.lastIndexOf('@');
  const ascii = domainToASCII(line.slice(at + 1));
  return ascii === '' ? line : `${line.slice(0, at)}@${ascii}`;
}

/** The addresses of To, Cc, Reply-To; members of groups are listed like all others, and what is no address is left out. */
export function readAddresses(header: AddressObject | AddressObject[] | undefined): Address[] {
  return flat(header)
    .map(toAddress)
    .filter(({ address }) => address !== '')
    .slice(0, ADDRESSES_MAX);
}

/** Whom the mail says it is from; the address is empty when the mail names nobody. */
export function readFrom(header: AddressObject | undefined): Address {
  const all = flat(header).map(toAddress);
  return all.find(({ address }) => address !== '') ?? all[0] ?? { address: '', name: null };
}

function flat(header: AddressObject | AddressObject[] | undefined): EmailAddress[] {
  const listed = header === undefined ? [] : [header].flat().flatMap(({ value }) => value);
  return listed.flatMap((entry) => entry.group ?? [entry]);
}

function toAddress(entry: EmailAddress): Address {
  const name = cleanLine(entry.name, NAME_MAX_CHARS);
  return { address: cleanAddress(entry.address), name: name === '' ? null : name };
}
