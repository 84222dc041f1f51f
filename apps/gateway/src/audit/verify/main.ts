// `npm run audit:verify -- FILE [--head SEQUENCE:HASH]`: proves an export of the audit log, offline. Exit code 1 when it
// is not what was written, 2 when it cannot be read.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { linesOf, UnreadableLine } from './lines.js';
import { type KnownEntry, LogVerifier, type Problem } from './log-verifier.js';

const USAGE = `Say which file: npm run audit:verify -- FILE [--head SEQUENCE:HASH]
  FILE    an export of the audit log (GET /v1/audit_log/export)
  --head  an entry that the log must hold: the header X-Audit-Head of an export, or one noted earlier`;
const HEAD = /^(0|[1-9]\d{0,14}):([0-9a-f]{64})$/;
/** The first ones tell the case; a file of another kind would fill the screen. */
const SHOWN_MAX = 20;

class UsageError extends Error {}

function readArguments(): { file: string; known: KnownEntry | null } {
  const { values, positionals } = parseArgs({ options: { head: { type: 'string' } }, allowPositionals: true });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('one file is needed');
  if (values.head === undefined) return { file, known: null };
  const [, sequence, hash] = HEAD.exec(values.head) ?? [];
  if (sequence === undefined || hash === undefined) throw new UsageError('--head must be SEQUENCE:HASH');
  return { file, known: { sequence: Number(sequence), hash } };
}

async function verify(file: string, verifier: LogVerifier, tell: (problems: Problem[]) => void): Promise<void> {
  try {
    for await (const line of linesOf(createReadStream(file) as AsyncIterable<Buffer>)) tell(verifier.next(line));
    tell(verifier.end());
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error;
    tell([{ line: verifier.summary.count + 1, why: error.message }]);
  }
}

async function main(): Promise<number> {
  const { file, known } = readArguments();
  const verifier = new LogVerifier(known);
  let found = 0;
  await verify(file, verifier, (problems) => {
    for (const { line, why } of problems) {
      found += 1;
      if (found <= SHOWN_MAX) process.stdout.write(`${line === null ? file : `line ${line}`}: ${why}.\n`);
    }
  });
  if (found > 0) {
    process.stdout.write(`${file} is NOT the log that was written: ${found} problem(s).\n`);
    return 1;
  }
  const { first, last, lastHash, count } = verifier.summary;
  process.stdout.write(`${file} is whole: ${count} entries, sequence ${first} to ${last}.\nLast hash: ${lastHash}\n`);
  if (known === null) {
    process.stdout.write(
      'Whether entries are missing at its end, only a head noted elsewhere shows: --head SEQUENCE:HASH.\n',
    );
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${(error as Error).message}\n${usage ? `${USAGE}\n` : ''}`);
  process.exitCode = 2;
}
