import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Stack } from '@postern/local';
import { measureAccept } from '../accept/measure-accept.js';
import { measureAttachments } from '../attachments/measure-attachments.js';
import { measureBaseline } from '../baseline/measure-baseline.js';
import { measureCalls } from '../calls/measure-calls.js';
import { measureDelivery } from '../delivery/measure-delivery.js';
import { type Figure, type PhaseResult, ratioFigures } from '../figures/figure.js';
import { table } from '../figures/table.js';
import {
  type BenchOptions,
  parseOptions,
  PHASES,
  type PhaseName,
  USAGE,
  UsageError,
} from '../options/parse-options.js';
import { Gateway } from '../postern/gateway.js';
import { Sandbox } from '../postern/sandbox.js';
import { resetStatementTimes, writeStatementTimes } from '../profile/statements.js';
import { measureFairness } from '../fairness/measure-fairness.js';
import { measureEdge } from '../edge/measure-edge.js';
import { measureIntake } from '../intake/measure-intake.js';
import { measureLists } from '../lists/measure-lists.js';
import { measureReceive } from '../receive/measure-receive.js';
import { measureSse } from '../sse/measure-sse.js';
import { measureStart } from '../start/measure-start.js';
import { OwnStack, type StartTimes } from '../start/own-stack.js';
import { measureSteady } from '../steady/measure-steady.js';
import { measureWebhooks } from '../webhooks/measure-webhooks.js';
import type { Bench } from './bench.js';
import { describeMachine, type Machine, thisMachine } from './machine.js';

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** 128 and the number of SIGINT, as shells have it. */
const EXIT_INTERRUPTED = 130;

/**
 * `npm run bench`: measures a stack of its own and prints a table.
 * @returns the exit code: 0; 1 when a mail was lost or doubled, or something could not be measured; 2 for a command line
 * in error; 130 after a signal. Nothing is left behind in any case.
 */
export async function runBench(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (!options.help) return await measureOwnStack(options);
    process.stdout.write(USAGE);
    return EXIT_OK;
  } catch (error) {
    process.stderr.write(`${error instanceof UsageError ? error.message : describe(error)}\n`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function measureOwnStack(options: BenchOptions): Promise<number> {
  const interrupted = nextSignal();
  const machine = thisMachine();
  const own = await OwnStack.prepare();
  try {
    const results = await Promise.race([measured(own, options), interrupted]);
    return results === undefined ? EXIT_INTERRUPTED : await report(machine, results, options);
  } finally {
    await own.remove();
  }
}

async function measured(own: OwnStack, options: BenchOptions): Promise<PhaseResult[]> {
  const profileDir = options.profileDir === undefined ? undefined : resolve(options.profileDir);
  if (profileDir !== undefined) await mkdir(profileDir, { recursive: true });
  say('start');
  const { stack, times } = await own.start(profileDir);
  const { database_url: databaseUrl } = stack.local;
  if (profileDir !== undefined) await resetStatementTimes(databaseUrl);
  const bench = benchOf(own, stack, options);
  const results: PhaseResult[] = [];
  for (const name of PHASES.filter((phase) => options.phases.has(phase))) {
    if (name !== 'start') say(name);
    results.push(await phase(name, bench, times));
  }
  if (profileDir !== undefined) await writeStatementTimes(databaseUrl, profileDir);
  return results;
}

function phase(name: PhaseName, bench: Bench, times: StartTimes): Promise<PhaseResult> {
  switch (name) {
    case 'start':
      return measureStart(bench.stack, times);
    case 'baseline':
      return measureBaseline(bench);
    case 'accept':
      return measureAccept(bench);
    case 'steady':
      return measureSteady(bench);
    case 'receive':
      return measureReceive(bench);
    case 'intake':
      return measureIntake(bench);
    case 'edge':
      return measureEdge(bench);
    case 'webhooks':
      return measureWebhooks(bench);
    case 'attachments':
      return measureAttachments(bench);
    case 'lists':
      return measureLists(bench);
    case 'fairness':
      return measureFairness(bench);
    case 'sse':
      return measureSse(bench);
    case 'delivery':
      return measureDelivery(bench);
    case 'calls':
      return measureCalls(bench);
  }
}

function benchOf(own: OwnStack, stack: Stack, options: BenchOptions): Bench {
  const { seconds, mailboxes, backlog, queued } = options;
  const { gateway_url, api_key, aws_sandbox_url } = stack.local;
  return {
    stack,
    seconds,
    mailboxes,
    backlog,
    queued,
    gateway: new Gateway(gateway_url, api_key),
    // The stack reads no settings of this environment, so Amazon is always the sandbox.
    sandbox: new Sandbox(aws_sandbox_url ?? ''),
    restart: async (replicas) => benchOf(own, await own.restart(replicas), options),
  };
}

async function report(machine: Machine, results: readonly PhaseResult[], options: BenchOptions): Promise<number> {
  const measured = results.flatMap(({ figures }) => figures);
  const figures: Figure[] = [...measured, ...ratioFigures(measured).map(asRatio)];
  const failures = results.flatMap(({ failures }) => failures);
  process.stdout.write(`\n${describeMachine(machine)}\n\n${table(figures)}\n`);
  for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
  if (options.jsonFile !== undefined) {
    const values = Object.fromEntries(measured.concat(ratioFigures(measured)).map(({ name, value }) => [name, value]));
    const content = {
      measured_at: new Date().toISOString(),
      machine,
      seconds: options.seconds,
      figures: values,
      failures,
    };
    await writeFile(options.jsonFile, `${JSON.stringify(content, null, 2)}\n`);
  }
  return failures.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** Ratios stand together at the end of the table. */
const asRatio = (figure: Figure): Figure => ({ ...figure, name: `ratio.${figure.name}` });

function nextSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined));
  });
}

/** Progress is no part of what is printed. */
function say(step: string): void {
  process.stderr.write(`measuring: ${step}\n`);
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
