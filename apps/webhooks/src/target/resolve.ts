import { lookup, Resolver } from 'node:dns/promises';

/**
 * Every address of a host name, IPv4 and IPv6; empty when it has none.
 * @throws when the name cannot be resolved now.
 */
export type Resolve = (hostname: string) => Promise<string[]>;

const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 2;

/**
 * Asks the name servers. Not the system's resolver, because that holds one of the process's few threads for as long as a
 * slow name server likes, and because names of the host's own files are not public.
 */
export function nameServers(): Resolve {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  return async (hostname) => {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (addresses.length === 0 && failed !== undefined) throw failed.reason;
    return addresses;
  };
}

/** The system's resolver, which also knows the host's own names such as `localhost`. */
export const systemNames: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);
