import { X509Certificate, type KeyObject } from 'node:crypto';
import { unavailable } from '@postern/platform';

interface SigningKey {
  key: KeyObject;
  validFrom: number;
  validTo: number;
}

interface Cached extends SigningKey {
  until: number;
}

/** SNS rotates its certificate about once a year; an hour keeps a withdrawn one from living long. */
const KEEP_MS = 3600 * 1000;
/** One per region and rotation is used; more are somebody's guesses. */
const KEPT_MAX = 16;
/** Names of certificates come from unverified messages: only so many are asked for at once. */
const FETCHES_MAX = 4;

/** The keys of SNS's signing certificates, by URL; the caller has checked that the URL is SNS's. */
export class Certificates {
  private readonly kept = new Map<string, Cached>();
  private readonly fetching = new Map<string, Promise<SigningKey | null>>();

  /**
   * @param fetchText  returns null when there is no such certificate.
   * @param now  the clock, in Unix milliseconds.
   */
  constructor(
    private readonly fetchText: (url: string) => Promise<string | null>,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @returns null when there is no certificate, it is none, or it is not valid now.
   * @throws AppError `unavailable` when it cannot be had now.
   */
  async keyOf(url: string): Promise<KeyObject | null> {
    const now = this.now();
    const cached = this.kept.get(url);
    const found = cached !== undefined && cached.until > now ? cached : await this.fetchOnce(url);
    return found !== null && found.validFrom <= now && now <= found.validTo ? found.key : null;
  }

  private fetchOnce(url: string): Promise<SigningKey | null> {
    const underWay = this.fetching.get(url);
    if (underWay !== undefined) return underWay;
    if (this.fetching.size >= FETCHES_MAX) throw unavailable();
    const fetched = this.fetch(url).finally(() => this.fetching.delete(url));
    this.fetching.set(url, fetched);
    return fetched;
  }

  private async fetch(url: string): Promise<SigningKey | null> {
    const text = await this.fetchText(url);
    const found = text === null ? null : readCertificate(text);
    this.kept.delete(url);
    if (found !== null) {
      this.kept.set(url, { ...found, until: this.now() + KEEP_MS });
      const [oldest] = this.kept.keys();
      if (this.kept.size > KEPT_MAX && oldest !== undefined) this.kept.delete(oldest);
    }
    return found;
  }
}

function readCertificate(text: string): SigningKey | null {
  try {
    const certificate = new X509Certificate(text);
    if (certificate.publicKey.asymmetricKeyType !== 'rsa') return null;
    return {
      key: certificate.publicKey,
      validFrom: certificate.validFromDate.getTime(),
      validTo: certificate.validToDate.getTime(),
    };
  } catch {
    return null;
  }
}
