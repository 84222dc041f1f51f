import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity } from '../supervise/process-identity.js';
import { terminate, type StopStep } from '../supervise/terminate.js';

/**
 * "Fast" shutdown ends the connections and writes everything; "immediate" leaves the rest to recovery at the next start
 * (PostgreSQL documentation, "Shutting Down the Server").
 */
export const POSTGRES_STOP: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 2_500 },
  { signal: 'SIGQUIT', waitMs: 500 },
];

/**
 * Makes a cluster startable whatever happened before: ends a server that still runs in it (it outlives a runner that is
 * killed), and removes a `postmaster.pid` whose process is another one by now, which PostgreSQL itself would respect.
 */
export async function clearPostmaster(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const pid = firstNumber(path);
  if (pid === undefined) return;
  const process = identify(pid);
  if (process && runsIn(process, cluster)) await terminate(process, POSTGRES_STOP);
  rmSync(path, { force: true });
}

/** postmaster.pid: the first line is the process number (PostgreSQL source, miscadmin.h, LOCK_FILE_LINE_PID). */
function firstNumber(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'latin1'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A postmaster works in its data directory, which tells it from any other process that got its number. */
function runsIn({ pid }: ProcessIdentity, cluster: string): boolean {
  // Without /proc the file's word is taken: a server that ended well has removed it.
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}
