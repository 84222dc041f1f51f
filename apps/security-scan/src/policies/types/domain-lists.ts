import { patternsFitting, type PolicyConfigs } from '@postern/contracts';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** Names the first and counts the rest: a list of all would be as long as the envelope. */
const told = (domains: readonly string[], what: string): string | null => {
  const [first, ...more] = new Set(domains);
  if (first === undefined) return null;
  return `${first}${more.length > 0 ? ` and ${more.length} more` : ''}: ${what}`;
};

/** Speaks against a message when a recipient's domain is not on the list. */
export function outsideAllowlist(
  { domains }: PolicyConfigs['domain_allowlist'],
  recipients: readonly string[],
): string | null {
  const listed = new Set(domains);
  const outside = recipients.map(domainOf).filter((domain) => !patternsFitting(domain).some((one) => listed.has(one)));
  return told(outside, 'not among the allowed domains.');
}

/** Speaks against a message when a recipient's domain is on the list. */
export function onBlocklist(
  { domains }: PolicyConfigs['domain_blocklist'],
  recipients: readonly string[],
): string | null {
  const listed = new Set(domains);
  const inside = recipients.map(domainOf).filter((domain) => patternsFitting(domain).some((one) => listed.has(one)));
  return told(inside, 'among the blocked domains.');
}
