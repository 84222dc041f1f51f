import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './process-identity.js';

/** One attempt to end a process: the signal, and how long it may take before the next attempt. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** How often a process that was told to end is looked at. */
const LOOK_EVERY_MS = 15;
/** What the kernel may need to end a process that was killed: one that waits for a busy disk ends after that. */
const KILL_WAIT_MS = 30_000;

/**
 * Ends a process: each step in turn, then SIGKILL. A process that has gone already is fine.
 * @returns the signal after which it was gone, undefined if it was gone before.
 */
export async function terminate(
  target: ProcessIdentity,
  steps: readonly StopStep[],
): Promise<NodeJS.Signals | undefined> {
  if (!isAlive(target)) return undefined;
  for (const { signal, waitMs } of [...steps, { signal: 'SIGKILL', waitMs: KILL_WAIT_MS } as const]) {
    send(target, signal);
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      if (!isAlive(target)) return signal;
      await sleep(LOOK_EVERY_MS);
    }
  }
  throw new Error(`Process ${target.pid} did not end, not even by SIGKILL.`);
}

function send(target: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    if (isAlive(target)) process.kill(target.pid, signal);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}
