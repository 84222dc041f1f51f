import { readdirSync, readFileSync } from 'node:fs';
import type { LocalJson } from '@postern/local';

const KIB_PER_MB = 1024;

/**
 * Memory of each process of the stack in MB, each with the processes it started (PostgreSQL's backends), counted as
 * "proportional set size": what several processes map is divided among them, so the sum is what the machine gives.
 * @returns undefined where the system has no `/proc/PID/smaps_rollup`.
 */
export function memoryOf(pids: LocalJson['pids'], ownPid: number): Map<string, number> | undefined {
  const children = childrenByParent();
  if (!children) return undefined;
  const sizes = new Map<string, number>();
  for (const [name, group] of Object.entries(pids)) {
    const roots = typeof group === 'number' ? [group] : (group ?? []);
    // The runner is this process, and everything else descends from it.
    const all = roots.flatMap((pid) => (pid === ownPid ? [pid] : withDescendants(pid, children)));
    sizes.set(
      name,
      all.reduce((sum, pid) => sum + proportionalSetMb(pid), 0),
    );
  }
  return sizes;
}

function childrenByParent(): Map<number, number[]> | undefined {
  const children = new Map<number, number[]>();
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const parent = parentOf(Number(entry));
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    }
  } catch {
    return undefined;
  }
  return children;
}

/** proc_pid_stat(5): the fields after the name in parentheses are state and parent. */
function parentOf(pid: number): number {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function withDescendants(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => withDescendants(child, children))];
}

function proportionalSetMb(pid: number): number {
  const line = /^Pss:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`));
  return Number(line?.[1] ?? 0) / KIB_PER_MB;
}

/** A process may end while it is looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
