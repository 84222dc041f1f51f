import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 5321 §4.5.3.1.1 and §4.5.3.1.3: 64 octets of local part, 256 of path less its brackets. */
const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;
/** RFC 1035 §2.3.4 and RFC 5321 §2.3.5: top-level domains of one letter do not exist. */
const TOP_LABEL_MIN = 2;

/** RFC 5322 §3.2.3, dot-atom. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** RFC 5892 allows letters, marks, digits and the hyphen; the contextual rest is not taken. */
const U_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const A_LABEL = /^xn--/i;
const ASCII = /^[\u0000-\u007f]*$/;
/** Scripts whose letters look alike: one label with two of them is made to deceive (UTS 39 §5.1). */
const LOOKALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** An address in the form that SES takes, or what is wrong with it, as the end of a sentence. */
export type AddressVerdict = { address: string } | { problem: string };

/**
 * Reads an addr-spec without white space, comments or brackets (RFC 5321 §4.1.2), and gives its ASCII form: an
 * internationalized domain becomes A-labels in lower case, everything else stays as it was written.
 *
 * Narrower than the syntax where mail by SES cannot go or where two spellings would be one mailbox: no quoted local part,
 * no address literal, no local part beyond ASCII (SES has no SMTPUTF8), no domain of one label, no numeric top-level
 * domain, no full-width or invisible characters, no label that mixes look-alike scripts.
 */
export function checkAddress(address: string): AddressVerdict {
  const at = address.lastIndexOf('@');
  if (at < 1) return { problem: 'must be an email address such as ann@example.com' };
  const local = address.slice(0, at);
  const problem = localProblem(local);
  if (problem !== null) return { problem };
  const domain = asciiDomain(address.slice(at + 1));
  if ('problem' in domain) return domain;
  const whole = `${local}@${domain.ascii}`;
  return whole.length > ADDRESS_MAX ? { problem: `must be at most ${ADDRESS_MAX} characters` } : { address: whole };
}

function localProblem(local: string): string | null {
  if (!ASCII.test(local)) {
    return 'must be ASCII before the @: addresses with other characters there (RFC 6531) cannot be reached through SES';
  }
  if (local.length > LOCAL_MAX) return `must have at most ${LOCAL_MAX} characters before the @`;
  if (local.startsWith('"')) return 'must have no quoted part before the @: SES does not take it';
  return LOCAL.test(local)
    ? null
    : 'must have only letters, digits and the signs of RFC 5322 before the @, dots only between them';
}

function asciiDomain(domain: string): { ascii: string } | { problem: string } {
  if (domain.startsWith('[')) return { problem: 'must have a domain name after the @, not an address literal' };
  const labels = domain.split('.');
  const hasNonAscii = !ASCII.test(domain);
  const isInternational = hasNonAscii || labels.some((label) => A_LABEL.test(label));
  const ascii = isInternational ? toALabels(labels) : domain;
  if (ascii === null) return { problem: 'must have a domain after the @ that IDNA 2008 allows, in one spelling only' };
  const asciiLabels = ascii.split('.');
  const top = asciiLabels.at(-1) ?? '';
  if (asciiLabels.length < 2 || !asciiLabels.every((label) => LABEL.test(label))) {
    return { problem: 'must have a domain name after the @ such as example.com' };
  }
  if (top.length < TOP_LABEL_MIN || /^\d+$/.test(top)) {
    return { problem: 'must have a domain after the @ that ends in a top-level domain' };
  }
  return { ascii: hasNonAscii ? ascii : domain };
}

/** @returns null for labels that are no right U-labels or A-labels. */
function toALabels(labels: readonly string[]): string | null {
  const converted = labels.map(toALabel);
  return converted.includes(null) ? null : converted.join('.');
}

function toALabel(label: string): string | null {
  if (ASCII.test(label) && !A_LABEL.test(label)) return label.toLowerCase();
  const unicode = A_LABEL.test(label) ? domainToUnicode(label) : label.normalize('NFC');
  // An A-label that does not decode stays as it is, and one that is not the only spelling comes back as another.
  const ascii = domainToASCII(unicode);
  if (A_LABEL.test(label) && (A_LABEL.test(unicode) || ascii !== label.toLowerCase())) return null;
  return isOneSpelling(unicode) && ascii !== '' ? ascii : null;
}

/** No full-width or other compatibility form, nothing invisible, one of the look-alike scripts at most. */
const isOneSpelling = (label: string): boolean =>
  U_LABEL.test(label) &&
  !/\p{Default_Ignorable_Code_Point}/u.test(label) &&
  label.normalize('NFKC') === label &&
  LOOKALIKE_SCRIPTS.filter((script) => script.test(label)).length <= 1;

/**
 * The form in which addresses are compared: feedback and suppression match without case. An internationalized domain
 * compares equal in both its forms.
 */
export function addressKey(address: string): string {
  const lower = address.toLowerCase();
  if (ASCII.test(lower)) return lower;
  const at = lower.lastIndexOf('@');
  const domain = toALabels(lower.slice(at + 1).split('.'));
  return domain === null ? lower : `${lower.slice(0, at)}@${domain}`;
}
