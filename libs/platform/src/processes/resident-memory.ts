import { readFile } from 'node:fs/promises';

/**
 * Octets of memory that a process holds.
 * @returns 0 where the system does not tell (it is Linux that has /proc; proc_pid_status(5)), or the process has ended.
 */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
