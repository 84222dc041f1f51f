import { parseArgs } from 'node:util';

/** What a person asked for on the command line. */
export interface RunnerOptions {
  readonly dataDir: string;
  /** Port of the gateway; 0 means any free one, which is then remembered in the data directory. */
  readonly port: number;
  /** Processes of each service. */
  readonly replicas: number;
  readonly help: boolean;
}

/** A command line that cannot be understood; `message` is one sentence, the exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Enough to see what replicas do on one machine; each one is six processes of about 100 MB. */
const MAX_REPLICAS = 8;

export const USAGE = `Usage: npm start -- [options]

  --data-dir DIR   where everything is kept (default .postern)
  --port N         port of the gateway (default 3000; 0 takes a free one)
  --replicas N     processes of each service, 1 to ${MAX_REPLICAS} (default 1)
  --help           this text

Settings that point to real servers replace the local ones: DATABASE_URL, NATS_URL, AWS credentials, AWS_ENDPOINT_URL_*.
`;

/**
 * Reads the runner's command line.
 * @throws UsageError for an unknown option or a value out of range.
 */
export function parseOptions(args: readonly string[]): RunnerOptions {
  const values = parse(args);
  return {
    dataDir: values['data-dir'],
    port: wholeNumber('--port', values.port, 0, 65_535),
    replicas: wholeNumber('--replicas', values.replicas, 1, MAX_REPLICAS),
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        'data-dir': { type: 'string', default: '.postern' },
        port: { type: 'string', default: '3000' },
        replicas: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values['data-dir'] === '') throw new UsageError('--data-dir needs the name of a directory.');
    return values;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const what = error instanceof Error ? error.message.split('. ')[0]?.replace(/\.$/, '') : String(error);
    throw new UsageError(`${what}; --help lists the options.`, { cause: error });
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option} takes a whole number from ${min} to ${max}, not "${text}".`);
}
