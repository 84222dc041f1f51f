import parseAddresses from 'nodemailer/lib/addressparser';
import { AwsError } from '../http/aws-error.js';

const refused = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

// RFC 5321 §4.5.3.1: 64 octets of local part, 255 of domain.
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 255;
// RFC 5322 §3.2.3 atext and §3.2.4 quoted-string, 7-bit.
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
const QUOTED_STRING = /^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/;
const DOMAIN_LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

const checkDots = (part: string, name: string): void => {
  if (part.startsWith('.')) throw refused(`${name} starts with dot`);
  if (part.endsWith('.')) throw refused(`${name} ends with dot`);
  if (part.includes('..')) throw refused(`${name} contains dot-dot`);
};

/**
 * Checks a bare address as SES does: 7-bit, no domain literals.
 * @throws AwsError `InvalidParameterValue`.
 */
const checkAddress = (address: string): void => {
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1) throw refused("Missing final '@domain'");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (local.length > MAX_LOCAL_LENGTH) throw refused(`Local address is longer than ${MAX_LOCAL_LENGTH} octets`);
  if (!QUOTED_STRING.test(local)) {
    if (!DOT_ATOM.test(local)) throw refused('Local address contains control or whitespace');
    checkDots(local, 'Local address');
  }
  checkDots(domain, 'Domain');
  if (domain.length > MAX_DOMAIN_LENGTH || !domain.split('.').every((label) => DOMAIN_LABEL.test(label))) {
    throw refused('Domain contains illegal character');
  }
};

const NOT_ASCII = /[^\u0000-\u007f]/;

/**
 * Reads one address of a call: `a@b.c` or `Name <a@b.c>`, the name as encoded word where it needs one.
 * @returns the bare address as written.
 * @throws AwsError `InvalidParameterValue` when it is malformed, not 7-bit, or not exactly one.
 */
export const readAddress = (text: string): string => {
  if (NOT_ASCII.test(text)) throw refused('Address contains non-ASCII characters; encode the domain as Punycode.');
  const bracketed = /<([^<>]*)>\s*$/.exec(text);
  const address = (bracketed?.[1] ?? text).trim();
  checkAddress(address);
  return address;
};

/** Bare addresses of a header such as To, with groups opened; malformed ones are kept as they are. */
export const headerAddresses = (header: string): string[] =>
  parseAddresses(header, { flatten: true }).map((entry) => entry.address || entry.name);

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
