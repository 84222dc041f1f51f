import { parseArgs } from 'node:util';

/** In the order in which they run. */
export const PHASES = [
  'start',
  'baseline',
  'edge',
  'accept',
  'steady',
  'receive',
  'intake',
  'webhooks',
  'attachments',
  'lists',
  'fairness',
  'sse',
  // The last ones: they change the number of replicas.
  'delivery',
  'calls',
] as const;
export type PhaseName = (typeof PHASES)[number];

/** What a person asked for on the command line. */
export interface BenchOptions {
  readonly phases: ReadonlySet<PhaseName>;
  /** Length of the load of each phase. */
  readonly seconds: Readonly<Record<'baseline' | 'accept' | 'steady' | 'receive' | 'intake' | 'isolation', number>>;
  /** Messages of the two mailboxes that lists are compared with. */
  readonly mailboxes: { readonly small: number; readonly large: number };
  /** Messages that delivery is given at once. */
  readonly backlog: number;
  /** Messages of one tenant that are queued while another sends one at a time. */
  readonly queued: number;
  /** Where the figures are written as JSON. */
  readonly jsonFile: string | undefined;
  /** Where CPU profiles of the services and the costliest SQL statements are written. Profiling slows what it watches. */
  readonly profileDir: string | undefined;
  readonly help: boolean;
}

/** A command line that cannot be understood; `message` is one sentence, the exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_SECONDS = 10;
const STEADY_SECONDS = 10;
const RECEIVE_SECONDS = 5;
/** For mails of each size, and for the parser alone. */
const INTAKE_SECONDS = 5;
/** The first time-outs of endpoints that hang come after 15 s. */
const ISOLATION_SECONDS = 30;
const QUICK_SECONDS = 3;
const MAX_SECONDS = 600;

const MAILBOXES = { small: 5_000, large: 25_000 };
const QUICK_MAILBOXES = { small: 2_000, large: 10_000 };
/** A quarter of an hour to fill and index. */
const FULL_MAILBOXES = { small: 10_000, large: 1_000_000 };

const BACKLOG = 20_000;
const QUICK_BACKLOG = 3_000;
const FULL_BACKLOG = 100_000;

const QUEUED = 5_000;
const QUICK_QUEUED = 2_000;
const FULL_QUEUED = 100_000;

/** Figures that are shown as a ratio to the baseline bring it along. */
const NEEDS_BASELINE: readonly PhaseName[] = ['accept', 'receive'];

export const USAGE = `Usage: npm run bench -- [options]

  --only LIST     some of: ${PHASES.join(', ')} (default all)
  --seconds N     length of the accept and baseline load (default ${DEFAULT_SECONDS})
  --quick         ${QUICK_SECONDS} s each, small mailboxes, small backlogs
  --full          lists of ${FULL_MAILBOXES.large} messages, backlogs of ${FULL_BACKLOG}; takes half an hour more
  --json FILE     writes the figures there, too
  --profile DIR   writes CPU profiles of the services and the costliest SQL statements there; figures are lower then
  --help          this text
`;

/**
 * Reads the command line of the bench.
 * @throws UsageError for an unknown option or phase, or a value out of range.
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const values = parse(args);
  const given = values.seconds === undefined ? undefined : wholeSeconds(values.seconds);
  const length = (normal: number): number => (values.quick ? QUICK_SECONDS : normal);
  return {
    phases: phasesOf(values.only),
    seconds: {
      baseline: given ?? length(DEFAULT_SECONDS),
      accept: given ?? length(DEFAULT_SECONDS),
      steady: length(STEADY_SECONDS),
      receive: length(RECEIVE_SECONDS),
      intake: length(INTAKE_SECONDS),
      isolation: length(ISOLATION_SECONDS),
    },
    backlog: values.full ? FULL_BACKLOG : values.quick ? QUICK_BACKLOG : BACKLOG,
    queued: values.full ? FULL_QUEUED : values.quick ? QUICK_QUEUED : QUEUED,
    mailboxes: values.full ? FULL_MAILBOXES : values.quick ? QUICK_MAILBOXES : MAILBOXES,
    jsonFile: values.json,
    profileDir: values.profile,
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
        only: { type: 'string' },
        seconds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        json: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    const what = error instanceof Error ? error.message.split('. ')[0]?.replace(/\.$/, '') : String(error);
    throw new UsageError(`${what}; --help lists the options.`, { cause: error });
  }
}

function phasesOf(list: string | undefined): ReadonlySet<PhaseName> {
  if (list === undefined) return new Set(PHASES);
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !isPhase(name));
  if (unknown.length > 0) {
    throw new UsageError(`--only does not know "${unknown.join('", "')}", only ${PHASES.join(', ')}.`);
  }
  const chosen = new Set(names.filter(isPhase));
  if (NEEDS_BASELINE.some((name) => chosen.has(name))) chosen.add('baseline');
  return chosen;
}

const isPhase = (name: string): name is PhaseName => (PHASES as readonly string[]).includes(name);

function wholeSeconds(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MAX_SECONDS) return value;
  throw new UsageError(`--seconds takes a whole number from 1 to ${MAX_SECONDS}, not "${text}".`);
}
