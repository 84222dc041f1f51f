import type { LocalJson } from '@postern/local';
import { processesOf, readOrEmpty } from './proc.js';

const KIB_PER_MB = 1024;

/**
 * Memory of each part of the stack in MB, counted as "proportional set size": what several processes map is divided
 * among them, so the sum is what the machine gives.
 * @returns undefined where the system has no /proc.
 */
export function memoryOf(pids: LocalJson['pids'], ownPid: number): Map<string, number> | undefined {
  const processes = processesOf(pids, ownPid);
  if (!processes) return undefined;
  return new Map(
    [...processes].map(([name, group]) => [name, group.reduce((sum, pid) => sum + proportionalSetMb(pid), 0)]),
  );
}

function proportionalSetMb(pid: number): number {
  const line = /^Pss:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`));
  return Number(line?.[1] ?? 0) / KIB_PER_MB;
}
