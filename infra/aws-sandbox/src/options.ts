import { parseArgs } from 'node:util';

export interface SandboxOptions {
  /** Topics, subscriptions, identities, configuration sets, the signing key and S3 objects are kept here. */
  readonly stateDir: string;
  /** Default 0: takes a free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default us-east-1. */
  readonly region?: string | undefined;
  /** Mail for it is handed on to `smtp`. */
  readonly localDomain?: string | undefined;
  /** `HOST:PORT`; without it, mail for the local domain counts as delivered. */
  readonly smtp?: string | undefined;
  /** Mail may be sent from them at once. */
  readonly verifiedDomains?: readonly string[] | undefined;
  /** Origin under which others reach the sandbox, when it is not `http://HOST:PORT`. */
  readonly publicUrl?: string | undefined;
  /** Size of the RSA key that a new state directory gets; default 2048, as in AWS. */
  readonly signingKeyBits?: number | undefined;
}

export const USAGE = `aws-sandbox: a development stand-in for SES v1, SNS and S3

  --port N                  port to listen on; 0 (default) takes a free one
  --host HOST               address to listen on (default 127.0.0.1)
  --public-url URL          origin under which others reach it (default http://HOST:PORT)
  --state-dir DIR           where state is kept (required)
  --region REGION           region in ARNs and ids (default us-east-1)
  --local-domain DOMAIN     mail for it is handed on by SMTP
  --smtp HOST:PORT          the SMTP server of the local domain
  --verified-domains A,B    domains that mail may be sent from at once
  --signing-key-bits N      1024, 2048 (default) or 4096, for a new state directory
`;

/** Thrown for flags that are not as the usage says. */
export class InvalidOptions extends Error {}

const readPort = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidOptions(`--port must be a number from 0 to 65535, not "${text}".`);
};

const readOrigin = (text: string): string => {
  if (URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text)) return text.replace(/\/$/, '');
  throw new InvalidOptions(`--public-url must be an origin such as http://aws-sandbox:4566, not "${text}".`);
};

const KEY_BITS = ['1024', '2048', '4096'];

const readKeyBits = (text: string): number => {
  if (KEY_BITS.includes(text)) return Number(text);
  throw new InvalidOptions(`--signing-key-bits must be one of ${KEY_BITS.join(', ')}, not "${text}".`);
};

const readServer = (text: string): string => {
  if (/^(?:[^\s/:]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/.test(text)) return text;
  throw new InvalidOptions(`--smtp must be HOST:PORT, not "${text}".`);
};

const parseFlags = (args: readonly string[]) => {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: string,
        host: string,
        'public-url': string,
        'state-dir': string,
        region: string,
        'local-domain': string,
        smtp: string,
        'verified-domains': string,
        'signing-key-bits': string,
      },
    }).values;
  } catch (error) {
    throw new InvalidOptions((error as Error).message, { cause: error });
  }
};

/**
 * Reads the command line.
 * @throws InvalidOptions with one sentence.
 */
export const readOptions = (args: readonly string[]): SandboxOptions => {
  const flags = parseFlags(args);
  const stateDir = flags['state-dir'];
  if (!stateDir) throw new InvalidOptions('--state-dir is required.');
  const publicUrl = flags['public-url'];
  const keyBits = flags['signing-key-bits'];
  const domains = (flags['verified-domains'] ?? '').split(',').map((domain) => domain.trim());
  return {
    port: flags.port === undefined ? undefined : readPort(flags.port),
    host: flags.host,
    stateDir,
    region: flags.region,
    localDomain: flags['local-domain'],
    smtp: flags.smtp === undefined ? undefined : readServer(flags.smtp),
    verifiedDomains: domains.filter((domain) => domain !== ''),
    publicUrl: publicUrl === undefined ? undefined : readOrigin(publicUrl),
    signingKeyBits: keyBits === undefined ? undefined : readKeyBits(keyBits),
  };
};
