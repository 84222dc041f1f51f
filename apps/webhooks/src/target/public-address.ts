import { BlockList, isIP } from 'node:net';

/**
 * IPv4 blocks that are not, or must not be, somebody's public server.
 * Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890), and multicast (RFC 5771).
 */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network, RFC 791 §3.2
  ['10.0.0.0', 8], // private, RFC 1918
  ['100.64.0.0', 10], // behind a provider's NAT, RFC 6598; some clouds keep metadata here
  ['127.0.0.0', 8], // loopback, RFC 1122 §3.2.1.3
  ['169.254.0.0', 16], // link-local, RFC 3927; cloud metadata
  ['172.16.0.0', 12], // private, RFC 1918
  ['192.0.0.0', 24], // protocol assignments, RFC 6890 §2.1
  ['192.0.2.0', 24], // documentation, RFC 5737
  ['192.88.99.0', 24], // former 6to4 relays, RFC 7526
  ['192.168.0.0', 16], // private, RFC 1918
  ['198.18.0.0', 15], // benchmarks, RFC 2544
  ['198.51.100.0', 24], // documentation, RFC 5737
  ['203.0.113.0', 24], // documentation, RFC 5737
  ['224.0.0.0', 4], // multicast, RFC 5771
  ['240.0.0.0', 4], // reserved, RFC 1112 §4, with the broadcast address
];

/**
 * All of IPv6 outside 2000::/3 is refused (loopback, unique local, link-local, multicast, v4-mapped, NAT64 64:ff9b::/96 and
 * what is not assigned yet); these are the special blocks within it.
 * Source: IANA IPv6 Special-Purpose Address Registry.
 */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocol assignments with Teredo, RFC 2928 and RFC 4380
  ['2001:db8::', 32], // documentation, RFC 3849
  ['2002::', 16], // 6to4: leads to any IPv4 address, RFC 3056
  ['3fff::', 20], // documentation, RFC 9637
];
const GLOBAL_UNICAST_V6 = ['2000::', 3] as const;

// One list for each family: a list with IPv4 blocks also answers for v4-mapped addresses.
const specialV4 = listOf(SPECIAL_V4, 'ipv4');
const specialV6 = listOf(SPECIAL_V6, 'ipv6');
const globalV6 = listOf([GLOBAL_UNICAST_V6], 'ipv6');

function listOf(blocks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of blocks) list.addSubnet(network, prefix, family);
  return list;
}

// This machine, RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3.
const loopbackV4 = listOf([['127.0.0.0', 8]], 'ipv4');
const LOOPBACK_V6 = '::1';

/** Whether an address is of this machine, in the plain spelling of its family. */
export const isLoopbackAddress = (address: string): boolean =>
  isIP(address) === 4 ? loopbackV4.check(address, 'ipv4') : address === LOOPBACK_V6;

/** Whether an address is on the internet. Anything that is not an IP address is not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !specialV4.check(address, 'ipv4');
    case 6:
      return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
    default:
      return false;
  }
}
