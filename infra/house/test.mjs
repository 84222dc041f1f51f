// `npm test`: static checks, then unit, integration and end-to-end tests. Prints `N passed, N failed` last.
//   --full             the named figures instead of the small forms (POSTERN_TEST_FULL=1 for the tests)
//   unit|integration|e2e|static …   only these
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const args = process.argv.slice(2);
const full = args.includes('--full');
const wanted = args.filter((arg) => !arg.startsWith('--'));
const has = (part) => wanted.length === 0 || wanted.includes(part);

const STATIC = [
  ['lint', ['oxlint', '--deny-warnings']],
  ['house rules', ['node', 'infra/house/check.mjs']],
  ['formatting', ['prettier', '--check', '--log-level=warn', '.']],
  ['types', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']],
  ['generated documents', ['node', 'infra/house/generate.mjs', '--check']],
];

const counts = { passed: 0, failed: 0, skipped: 0 };

function run([command, ...rest], env = {}) {
  return spawnSync(command, rest, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
}

/** Keeps what it prints together, because checks run beside each other. */
async function check(name, [command, ...rest]) {
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ok = await new Promise((resolve) => {
    child.once('error', (error) => ((said += `${error.message}\n`), resolve(false)));
    child.once('close', (code) => resolve(code === 0));
  });
  counts[ok ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${said}${ok ? 'ok' : 'FAILED'}: ${name}\n`);
}

function runJest(project, workers) {
  const directory = mkdtempSync(join(tmpdir(), 'postern-jest-'));
  const report = join(directory, 'report.json');
  const ok = run(['jest', '--selectProjects', project, `--maxWorkers=${workers}`, '--json', `--outputFile=${report}`], {
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
    ...(full ? { POSTERN_TEST_FULL: '1' } : {}),
  });
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    counts.skipped += result.numPendingTests;
    // Jest can fail as a whole (an open handle, a broken set-up) without naming a test.
    if (!ok && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) counts.failed += 1;
  } catch {
    counts.failed += 1;
  }
  rmSync(directory, { recursive: true });
}

if (has('static')) await Promise.all(STATIC.map(([name, command]) => check(name, command)));
if (has('unit')) runJest('unit', 2);
// Much of their time is waiting: for leases, polls, processes that start.
if (has('integration')) runJest('integration', 3);
// Those that kill processes have a stack of their own, so they go beside those that share one. Three such at once take longer in all.
if (has('e2e')) runJest('e2e', 2);

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exit(counts.failed === 0 ? 0 : 1);
