import { readdirSync, readFileSync } from 'node:fs';
import type { LocalJson } from '@postern/local';

/**
 * The processes of each part of the stack, each with those it started (PostgreSQL's backends).
 * @param ownPid  the runner's, of whose descendants only itself is counted: everything descends from it.
 * @returns undefined where the system has no /proc.
 */
export function processesOf(pids: LocalJson['pids'], ownPid: number): Map<string, number[]> | undefined {
  const children = childrenByParent();
  if (!children) return undefined;
  return new Map(
    Object.entries(pids).map(([name, group]) => {
      const roots = typeof group === 'number' ? [group] : (group ?? []);
      return [name, roots.flatMap((pid) => (pid === ownPid ? [pid] : withDescendants(pid, children)))];
    }),
  );
}

/** proc_pid_stat(5): the fields after the name in parentheses, of which the first is the third of the page. */
export function statOf(pid: number): string[] {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** A process may end while it is looked at. */
export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function childrenByParent(): Map<number, number[]> | undefined {
  const children = new Map<number, number[]>();
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const parent = Number(statOf(Number(entry))[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    }
  } catch {
    return undefined;
  }
  return children;
}

function withDescendants(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => withDescendants(child, children))];
}
