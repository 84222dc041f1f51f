import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TrapPoint } from './trap.js';

const HERE = join(process.cwd(), 'apps/delivery/test/killing');
const LOADER = join(process.cwd(), 'libs/testing/jest/typescript-loader.mjs');

/** A replica in a process of its own, which real signals can reach. */
export interface Replica {
  /** How it ended: by which signal, or null when it ended by itself. */
  ended: Promise<NodeJS.Signals | null>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it gently: what it has under way is finished first. */
  stop(): Promise<void>;
}

/**
 * Starts a replica.
 * @param env     its whole environment.
 * @param strike  where and how it is struck; null for one that lives on.
 */
export function startReplica(
  env: Record<string, string>,
  strike: { point: TrapPoint; signal: 'SIGKILL' | 'SIGSTOP' } | null,
): Replica {
  const args = strike === null ? [] : [strike.point, strike.signal];
  const child: ChildProcess = spawn(
    process.execPath,
    ['--no-warnings', '--import', LOADER, join(HERE, 'replica.process.ts'), ...args],
    { env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  return {
    ended,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
