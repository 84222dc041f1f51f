import type { Logger } from '@postern/platform';
import { authenticate, type AuthenticateOptions, type DKIMResult } from 'mailauth';
import { isAligned, type Checked } from './alignment.js';
import type { Lookup } from './dns-lookup.js';
import { limitSignatures } from './limit-signatures.js';

/** Who handed a mail over. */
export interface SmtpClient {
  ip: string;
  /** As EHLO or HELO named itself. */
  helo: string;
}

/** @see SmtpClient; the envelope sender is empty for bounces. */
export interface Sender extends SmtpClient {
  mailFrom: string;
}

/** For all questions about one mail; those that nobody answered by then are `temperror`. */
const LOOKUPS_MAX_MS = 5_000;

/** The result that decides when there are several signatures: one that holds is enough, and who knows better is not overruled. */
const DKIM_ORDER = ['pass', 'temperror', 'fail', 'policy', 'neutral', 'permerror', 'none'];

const UNKNOWN: Checked = {
  results: { spf: 'temperror', dkim: 'temperror', dmarc: 'temperror', arc: 'temperror', aligned: false },
  author: null,
};

/** SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989) and ARC (RFC 8617) of mail that came by SMTP. */
export class AuthenticateMail {
  /** @param identity  the name of this mail server. */
  constructor(
    private readonly lookup: Lookup,
    private readonly identity: string,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly lookupsMaxMs = LOOKUPS_MAX_MS,
  ) {}

  /** Never throws: a mail is not refused for what could not be found out. */
  async check(raw: Buffer, sender: Sender): Promise<Checked> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timedOut()), this.lookupsMaxMs);
    });
    // Nobody may be asking when the time is over.
    late.catch(() => undefined);
    const resolver = (name: string, type: string) => Promise.race([late, this.lookup(name, type)]);
    try {
      return await this.verdicts(raw, sender, resolver);
    } catch (error) {
      this.logger.warn({ what: 'mail.authenticate', err: error });
      return UNKNOWN;
    } finally {
      clearTimeout(timer);
    }
  }

  private async verdicts(raw: Buffer, { ip, helo, mailFrom }: Sender, resolver: Lookup): Promise<Checked> {
    const { spf, dkim, dmarc, arc } = await authenticate(limitSignatures(raw), {
      ip,
      helo,
      sender: mailFrom,
      mta: this.identity,
      // Its declaration knows no MX records.
      resolver: resolver as AuthenticateOptions['resolver'] & Lookup,
      strict: true,
      disableBimi: true,
    });
    const author = dmarc === false ? null : String(dmarc.status.header?.['from'] ?? '').replace(/\.$/, '') || null;
    const results = {
      spf: spf === false ? 'none' : spf.status.result,
      dkim: bestOf(dkim.results),
      // RFC 8601 §2.7.3 has no word for a mail without exactly one author; nothing can ever be found for it.
      dmarc: dmarc === false ? 'permerror' : dmarc.status.result,
      arc: arc === false ? 'none' : arc.status.result,
    };
    const proven = [
      ...(spf !== false && results.spf === 'pass' ? [spf.domain] : []),
      ...dkim.results.flatMap(({ status, signingDomain }) =>
        status.result === 'pass' && !status.underSized && signingDomain ? [signingDomain] : [],
      ),
    ];
    return { results: { ...results, aligned: isAligned({ author, dmarc: results.dmarc, proven }) }, author };
  }
}

const timedOut = (): Error => Object.assign(new Error('The DNS took too long'), { code: 'ETIMEOUT' });

function bestOf(results: readonly DKIMResult[]): string {
  const found = new Set<string>(results.map(({ status }) => status.result));
  return DKIM_ORDER.find((result) => found.has(result)) ?? 'none';
}
