import { z } from 'zod';

/** RFC 5321 §4.5.3.1.1 and §4.5.3.1.3: 64 octets of local part, 256 of path less its brackets. */
const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Why an address cannot be used with SES, or null when it can.
 * SES takes ASCII only: the domain in A-labels, no SMTPUTF8 local parts.
 */
export function addressProblem(address: string): string | null {
  if (address.length > ADDRESS_MAX) return `must be at most ${ADDRESS_MAX} characters`;
  const at = address.lastIndexOf('@');
  if (at < 1) return 'must be an email address such as ann@example.com';
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (local.length > LOCAL_MAX) return `must have at most ${LOCAL_MAX} characters before the @`;
  if (!LOCAL.test(local)) return 'must have a plain ASCII local part before the @ (dots only between other characters)';
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) {
    return 'must have a domain name after the @ (internationalized domains as xn-- labels)';
  }
  return null;
}

/** An address and its display name, as responses show it. */
export const Address = z.object({
  address: z.string().meta({ example: 'ann@example.com' }),
  name: z.string().nullable().meta({ example: 'Ann' }),
});
export type Address = z.infer<typeof Address>;

// A display name may hold anything but what would let it leave its header line.
const NAMED = /^\s*(?:"((?:[^"\\\r\n]|\\[^\r\n])*)"|([^<>"\r\n]*?))\s*<([^<>\s]+)>\s*$/;
const NAME_MAX = 200;

/** Reads `a@b.c` or `Name <a@b.c>`; null when it is neither. Quotes around the name are taken off. */
export function readAddress(text: string): Address | null {
  const named = NAMED.exec(text);
  if (named) {
    const name = (named[1]?.replace(/\\(.)/g, '$1') ?? named[2] ?? '').trim();
    return { address: named[3] ?? '', name: name === '' ? null : name };
  }
  return /[\s<>]/.test(text.trim()) ? null : { address: text.trim(), name: null };
}

const hasControl = (text: string): boolean => [...text].some((char) => char < ' ' || char === '\u007f');

const AddressParts = z.strictObject({ address: z.string(), name: z.string().max(NAME_MAX).nullish() });

/** An address in a request: `a@b.c`, `Name <a@b.c>` or `{address, name?}`. Parsed to `{address, name}`. */
export const AddressInput = z
  .union([z.string().max(1000), AddressParts])
  .transform((input, ctx): Address => {
    const read = typeof input === 'string' ? readAddress(input) : { address: input.address, name: input.name ?? null };
    const problem = read === null ? 'must be an email address, or "Name <address>"' : addressProblem(read.address);
    if (problem !== null || read === null) {
      ctx.addIssue({ code: 'custom', message: problem ?? 'must be an email address' });
      return z.NEVER;
    }
    if (read.name !== null && hasControl(read.name)) {
      ctx.addIssue({ code: 'custom', message: 'must have no control characters in the display name' });
      return z.NEVER;
    }
    return read;
  })
  .meta({ description: '`a@b.c`, `Name <a@b.c>` or `{address, name?}`' });

/** The form in which addresses are compared: feedback and suppression match without case. */
export const addressKey = (address: string): string => address.toLowerCase();
