import { isIP } from 'node:net';
import { z } from 'zod';

/** `address` or `address:port` each, separated by commas, IPv6 with a port in brackets; empty: none, so those of the system. */
export function dnsServers(): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform((text) => text.split(',').flatMap((server) => server.trim() || []))
    .refine((servers) => servers.every(isServer), 'must be IP addresses, each with a port if it has another than 53');
}

function isServer(server: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^:]+)(?::\d{1,5})?)$/.exec(server) ?? [];
  return isIP(server) !== 0 || isIP(bracketed ?? plain ?? '') !== 0;
}
