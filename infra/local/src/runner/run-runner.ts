import { join } from 'node:path';
import { runnerEnvironment } from '../config/environment.js';
import { parseOptions, USAGE, UsageError } from '../options/parse-options.js';
import { startStack } from '../stack/start-stack.js';
import type { StackOptions } from '../stack/stack.js';
import { StartError } from '../start-error.js';
import { welcome } from './welcome.js';

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/**
 * What `npm start` does once everything is built: starts the stack, says where it is, and stops it at the first signal.
 * @param args  the command line, without program and script.
 * @param programs  other programs in place of the services; for tests.
 * @returns the exit code: 0 after a stop that was asked for, 1 when the start failed, 2 for a command line in error.
 */
export async function runRunner(
  args: readonly string[],
  programs: Pick<StackOptions, 'services' | 'sandboxScript'> = {},
): Promise<number> {
  const stopping = new AbortController();
  try {
    const { dataDir, port, replicas, help } = parseOptions(args);
    if (help) {
      say(USAGE);
      return EXIT_OK;
    }
    const stopAsked = listenForStop(stopping);
    const environment = runnerEnvironment();
    const started = { dataDir, port, replicas, environment, report: say, signal: stopping.signal, ...programs };
    const stack = await startStack(started);
    say(welcome(stack.local, join(stack.dataDir, 'logs')));
    await stopAsked;
    await stack.stop();
  } catch (error) {
    // A start that was ended by a signal did what it was asked for.
    if (!stopping.signal.aborted) return explain(error);
  }
  say('Stopped.');
  return EXIT_OK;
}

/** Signals after the first change nothing: a stop takes less than 10 s in any case. */
function listenForStop(stopping: AbortController): Promise<void> {
  return new Promise((resolve) => {
    const ask = (): void => {
      if (!stopping.signal.aborted) say('Stopping');
      stopping.abort();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    // The program that started this one holds a channel to it: when that program is killed, this one stops in good order.
    process.on('disconnect', ask);
    // A terminal that was closed is no reason to leave the processes behind.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', ask);
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function explain(error: unknown): number {
  const isClear = error instanceof StartError || error instanceof UsageError;
  const text = isClear
    ? error.message
    : `Postern could not start.\n${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${text}\n`);
  return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
}
