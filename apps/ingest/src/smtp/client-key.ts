import { isIPv6 } from 'node:net';

/** RFC 6177 §2: one site has at least this much, so single addresses of it are no bound. */
const SITE_GROUPS = 4;

/**
 * Whom limits per client count: an IPv4 address, or the /64 of an IPv6 address.
 * @param address  as smtp-server tells it: IPv4 without the IPv6 prefix, IPv6 in full length without `::`, or in any other form.
 */
export function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  const all = tail === undefined ? groups : [...groups, ...zeros, ...rest];
  return `${all
    .slice(0, SITE_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
