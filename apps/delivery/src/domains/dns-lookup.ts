import { Resolver } from 'node:dns/promises';
import type { RecordType } from '@postern/contracts';
import type { Found } from './record-status.js';

/** A second try may meet another server. Together below what a caller of `verify` waits. */
const TIMEOUT_MS = 1_000;
const TRIES = 2;
/** As many as common resolvers follow. */
const CNAMES_MAX = 8;
/** RFC 1035 §4.1.1 and RFC 2308: the name, or this type of it, does not exist. */
const NOTHING: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND']);

/** Asks the DNS. An answer that nothing is there is told apart from no answer. */
export class DnsLookup {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  /** @param servers  `host:port` each; empty: those of the system. */
  constructor(servers: readonly string[]) {
    if (servers.length > 0) this.resolver.setServers(servers);
  }

  /** @returns null when no server answered, or only with an error. */
  async find(type: RecordType, name: string): Promise<Found | null> {
    try {
      switch (type) {
        case 'TXT':
          // RFC 7208 §3.3: the strings of one record are joined without anything between.
          return { txt: (await this.resolver.resolveTxt(name)).map((chunks) => chunks.join('')) };
        case 'MX':
          return { mx: await this.resolver.resolveMx(name) };
        case 'CNAME':
          return { cnames: await this.chain(name) };
      }
    } catch (error) {
      return isNothing(error) ? {} : null;
    }
  }

  private async chain(name: string): Promise<string[]> {
    const found: string[] = [];
    for (let at = name; found.length < CNAMES_MAX;) {
      const [target] = await this.resolver.resolveCname(at).catch((error: unknown) => {
        // The end of a chain is no error; an unanswered part of it is.
        if (isNothing(error)) return [];
        throw error;
      });
      if (target === undefined || found.includes(target)) break;
      found.push(target);
      at = target;
    }
    return found;
  }
}

const isNothing = (error: unknown): boolean => NOTHING.has(String((error as { code?: unknown }).code));
