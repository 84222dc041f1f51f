import { z } from 'zod';
import { checkAddress } from './address-syntax.js';

const WILDCARD = '*.';
/** RFC 1035 §2.3.4: 253 characters of name, and the wildcard. */
const PATTERN_MAX = 255;
const BEFORE = 'postmaster@';
/** Stands in for the label that a wildcard leaves open, so that `*.example` is checked as a name, too. */
const ANY_LABEL = 'any.';

/**
 * `example.com`, or `*.example.com` for every name below it but not itself, in any case. An internationalized name becomes
 * A-labels, as the domains of addresses do.
 */
export const DomainPattern = z
  .string()
  .max(PATTERN_MAX)
  .transform((text, ctx): string => {
    const wild = text.startsWith(WILDCARD);
    const open = wild ? ANY_LABEL : '';
    const name = (wild ? text.slice(WILDCARD.length) : text).replace(/\.$/, '');
    const verdict = checkAddress(`${BEFORE}${open}${name}`);
    if ('address' in verdict) {
      return (wild ? WILDCARD : '') + verdict.address.slice(BEFORE.length + open.length).toLowerCase();
    }
    ctx.addIssue({
      code: 'custom',
      message: 'must be a domain such as example.com, or *.example.com for all below it',
    });
    return z.NEVER;
  })
  .meta({ description: '`example.com`, or `*.example.com` for every name below it', example: '*.example.com' });

/**
 * The patterns that fit a domain, narrowest first: the name itself, then each wildcard over it.
 * @param domain  lower case, A-labels.
 */
export function patternsFitting(domain: string): string[] {
  const labels = domain.split('.');
  return [domain, ...labels.slice(1).map((_label, index) => WILDCARD + labels.slice(index + 1).join('.'))];
}
