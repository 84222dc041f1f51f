import { Resolver } from 'node:dns/promises';

/**
 * Asks the DNS for the records of a name: texts for TXT as lists of strings, objects for MX, strings for the rest.
 * @throws an error with `code` `ENOTFOUND` or `ENODATA` when nothing is there; with any other code when nobody knows.
 */
export type Lookup = (name: string, type: string) => Promise<unknown[]>;

/** A second try may meet another server. */
const TIMEOUT_MS = 1_500;
const TRIES = 2;
/** A rotated key is seen after a minute; senders' own TTLs, which Node does not tell, are rarely shorter. */
const KEPT_MS = 60_000;
/** Of about 0.5 kB each. */
const KEPT_MAX = 20_000;
/** RFC 1035 §4.1.1 and RFC 2308: the name, or this type of it, does not exist. */
const NOTHING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

type Answer = { records: unknown[] } | { nothing: string };

/** Looks up names at the given servers. Mail of one sender comes in crowds: an answer serves all of them for a minute. */
export class DnsLookup {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  private readonly kept = new Map<string, { until: number; answer: Promise<Answer> }>();

  /** @param servers  `host:port` each; empty: those of the system. */
  constructor(servers: readonly string[]) {
    if (servers.length > 0) this.resolver.setServers(servers);
  }

  readonly lookup: Lookup = async (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const found = this.kept.get(key);
    const answer = await (found !== undefined && found.until > Date.now() ? found.answer : this.ask(key, name, type));
    // Callers sort the list in place and write on the error: each gets its own.
    if ('records' in answer) return [...answer.records];
    throw Object.assign(new Error(`${answer.nothing} ${name}`), { code: answer.nothing });
  };

  private ask(key: string, name: string, type: string): Promise<Answer> {
    const answer = this.resolver.resolve(name, type).then(
      (records): Answer => ({ records: [records].flat() }),
      (error: unknown): Answer => {
        const code = String((error as { code?: unknown }).code);
        if (NOTHING.has(code)) return { nothing: code };
        throw error;
      },
    );
    this.kept.delete(key);
    this.kept.set(key, { until: Date.now() + KEPT_MS, answer });
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT_MAX && oldest !== undefined) this.kept.delete(oldest);
    // What nobody knew now may be known at once afterwards.
    answer.catch(() => {
      if (this.kept.get(key)?.answer === answer) this.kept.delete(key);
    });
    return answer;
  }
}
