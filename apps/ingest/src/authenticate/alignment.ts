import type { Authentication } from '@postern/contracts';
import { getDomain } from 'tldts';

/** What the checks of a mail proved. */
export interface Evidence {
  /** The one domain that From names; null when it names none or several, or there is more than one From. */
  author: string | null;
  /** Result of DMARC (RFC 8601 §2.7). */
  dmarc: string;
  /** Domains that vouch for the mail: of the envelope, by SPF, and of signatures over the whole body, by DKIM. */
  proven: readonly string[];
}

/**
 * Whether somebody whom From names vouches for the mail: DMARC's relaxed alignment (RFC 9989 §4.4), also where the domain
 * publishes no DMARC record. A signature that leaves a part of the body out proves nothing: anybody may write that part. Pure.
 */
export const isAligned = ({ author, dmarc, proven }: Evidence): boolean =>
  author !== null &&
  (dmarc === 'pass' || dmarc === 'none') &&
  proven.some((domain) => sameOrganization(domain, author));

/** Domains of one registrant. Hosts of one provider, as `a.github.io` and `b.github.io`, are not. */
function sameOrganization(one: string, other: string): boolean {
  const [a, b] = [one, other].map((domain) => domain.toLowerCase().replace(/\.$/, ''));
  if (a === undefined || b === undefined || a === '') return false;
  if (a === b) return true;
  const organization = getDomain(a, { allowPrivateDomains: true });
  return organization !== null && organization === getDomain(b, { allowPrivateDomains: true });
}

/** Results of the checks, and the domain that they speak for. */
export interface Checked {
  results: Authentication;
  /** Null when the checker did not say. */
  author: string | null;
}

/**
 * The results for the mail as we show it. Two readers may read one From differently: what was proven counts only for the
 * sender that is shown, and for none when From stands twice. Pure.
 */
export function authenticationOf(
  checked: Checked | null,
  shown: { from: { address: string }; repeatedHeaders?: string[] | undefined },
): Authentication | null {
  if (checked === null) return null;
  const { results, author } = checked;
  const domain = shown.from.address.slice(shown.from.address.lastIndexOf('@') + 1).toLowerCase();
  const same = domain !== '' && (author === null || author === domain);
  return { ...results, aligned: results.aligned && same && shown.repeatedHeaders?.includes('from') !== true };
}
