/** Finds the lines that a person should see at once. `pattern` is a cheap test over whole chunks, `show` words one line. */
export interface LoudRule {
  readonly pattern: RegExp;
  /** The text to show for a line, or undefined when it need not be shown after all. */
  show(line: string): string | undefined;
}

/** pino levels: 40 warn, 50 error, 60 fatal (pino documentation, "Loggers: level"); anything on stderr that is no JSON. */
export const SERVICE_LINES: LoudRule = {
  pattern: /"level":\s*(?:"(?:warn|error|fatal)"|[456]0\b)|^(?!\{).*Error\b/m,
  show(line) {
    if (!line.startsWith('{')) return /Error\b/.test(line) && !line.startsWith(' ') ? `ERROR ${line}` : undefined;
    try {
      return wordPinoLine(JSON.parse(line));
    } catch {
      return undefined;
    }
  },
};

/** `[123] 2026/11/21 13:00:00.000000 [WRN] text`, as nats-server writes it. */
export const NATS_LINES: LoudRule = {
  pattern: /\[(?:WRN|ERR|FTL)\]/,
  show(line) {
    const match = /\[(WRN|ERR|FTL)\] (.*)/.exec(line);
    return match && !CHOSEN_ON_PURPOSE.test(line) ? `${match[1] === 'WRN' ? 'WARN' : 'ERROR'} ${match[2]}` : undefined;
  },
};

/** What nats-server warns of at every start because of its configuration: a local password in the file, and 24 MB. */
const CHOSEN_ON_PURPOSE = /Plaintext passwords detected|Maximum payloads over/;

/** Statements that fail are the business of the service that sent them: only what the server itself suffers is loud. */
export const POSTGRES_LINES: LoudRule = {
  pattern: /PANIC:|could not (?:write|extend|fsync)/,
  show: (line) => (POSTGRES_LINES.pattern.test(line) ? `ERROR ${line}` : undefined),
};

const LEVEL_NAMES: Readonly<Record<string, string>> = {
  40: 'WARN',
  50: 'ERROR',
  60: 'ERROR',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'ERROR',
};

function wordPinoLine(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('level' in entry)) return undefined;
  const level = LEVEL_NAMES[String(entry.level)];
  if (level === undefined) return undefined;
  const text = 'msg' in entry && entry.msg ? String(entry.msg) : 'what' in entry ? String(entry.what) : '';
  const cause =
    'err' in entry && typeof entry.err === 'object' && entry.err !== null && 'message' in entry.err
      ? `: ${String(entry.err.message)}`
      : '';
  return `${level} ${text}${text.endsWith(cause.slice(2)) ? '' : cause}`.trimEnd();
}

/** More lines than this in one window say nothing new on a terminal: they are counted, and kept in the log file. */
const LINES_PER_WINDOW = 20;
const WINDOW_MS = 10_000;
/** Longest unfinished line that is remembered until its end comes. */
const MAX_CARRY = 256 * 1024;

/** Picks the loud lines out of one stream of output. */
export class LoudLines {
  #carry = '';
  #windowStart = 0;
  #shown = 0;

  constructor(
    private readonly rule: LoudRule,
    private readonly report: (text: string) => void,
  ) {}

  offer(chunk: Buffer): void {
    const text = this.#carry + chunk.toString('utf8');
    const end = text.lastIndexOf('\n') + 1;
    this.#carry = text.length - end > MAX_CARRY ? '' : text.slice(end);
    const whole = text.slice(0, end);
    // Nearly every chunk is quiet: one look at the whole of it keeps the runner's share of the machine small.
    if (!this.rule.pattern.test(whole)) return;
    for (const line of whole.split('\n')) {
      const shown = line === '' ? undefined : this.rule.show(line);
      if (shown !== undefined) this.#show(shown);
    }
  }

  #show(text: string): void {
    const now = performance.now();
    if (this.#windowStart === 0 || now - this.#windowStart > WINDOW_MS) {
      this.#windowStart = now;
      this.#shown = 0;
    }
    this.#shown += 1;
    if (this.#shown <= LINES_PER_WINDOW) this.report(text);
    else if (this.#shown === LINES_PER_WINDOW + 1) this.report(`WARN more lines like these are in the log file only`);
  }
}
