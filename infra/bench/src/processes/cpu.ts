import type { LocalJson } from '@postern/local';
import type { Figure } from '../figures/figure.js';
import { processesOf, statOf } from './proc.js';

/** USER_HZ, in which Linux tells process times to every program: 100 on all platforms of Node. */
const MS_PER_TICK = 10;
/** utime and stime, fields 14 and 15 of proc_pid_stat(5), counted from its third. */
const UTIME = 11;
const STIME = 12;

type CpuTimes = ReadonlyMap<string, number>;

/** CPU time of each part of the stack so far, in milliseconds; empty where the system has no /proc. */
export function cpuOf(pids: LocalJson['pids'], ownPid: number): CpuTimes {
  const timeOf = (pid: number): number => {
    const stat = statOf(pid);
    return (Number(stat[UTIME] ?? 0) + Number(stat[STIME] ?? 0)) * MS_PER_TICK;
  };
  const processes = processesOf(pids, ownPid) ?? new Map<string, number[]>();
  return new Map([...processes].map(([name, group]) => [name, group.reduce((sum, pid) => sum + timeOf(pid), 0)]));
}

/** What one message took of a core between two looks, in all and of each part; the runner is the load generator here. */
export function cpuFigures(phase: string, before: CpuTimes, after: CpuTimes, messages: number): Figure[] {
  const perMessage = [...after].map(([name, time]) => ({ name, ms: (time - (before.get(name) ?? 0)) / messages }));
  if (perMessage.length === 0) return [];
  const figure = (name: string, label: string, value: number): Figure => ({
    name: `${phase}.cpu_${name}`,
    label: `CPU per message: ${label}`,
    value,
    unit: 'ms',
  });
  return [
    figure(
      'total',
      'all',
      perMessage.reduce((sum, { ms }) => sum + ms, 0),
    ),
    ...perMessage.map(({ name, ms }) =>
      figure(name, name === 'runner' ? 'load generator' : name.replace('_', ' '), ms),
    ),
  ];
}
