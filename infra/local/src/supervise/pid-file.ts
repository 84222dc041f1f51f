import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from './process-identity.js';
import { terminate, type StopStep } from './terminate.js';

/** What the next runner must know to end a process that outlived this one. */
export interface PidRecord extends ProcessIdentity {
  readonly name: string;
  /** Stages end one after the other, the lowest first. */
  readonly stage: number;
  readonly stopSteps: readonly StopStep[];
}

/** Remembers a running process in `<runDir>/NAME.pid`. */
export function writePidFile(runDir: string, record: PidRecord): void {
  const path = join(runDir, `${record.name}.pid`);
  writeFileSync(`${path}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Forgets a process that has ended. */
export function removePidFile(runDir: string, name: string): void {
  rmSync(join(runDir, `${name}.pid`), { force: true });
}

/**
 * Ends what an earlier runner left behind when it was killed, in stages, and removes the records.
 * @param only  the one process to end; without it all.
 * @returns the names of the processes that were still there.
 */
export async function stopLeftovers(runDir: string, only?: string): Promise<string[]> {
  const files = readdirSync(runDir).filter((file) => only === undefined || file === `${only}.pid`);
  const living = files.flatMap((file) => readRecord(join(runDir, file))).filter(isAlive);
  for (const stage of [...new Set(living.map((record) => record.stage))].sort((a, b) => a - b)) {
    const together = living.filter((record) => record.stage === stage);
    await Promise.all(together.map((record) => terminate(record, record.stopSteps)));
  }
  for (const file of files) rmSync(join(runDir, file), { force: true });
  return living.map((record) => record.name);
}

function readRecord(path: string): PidRecord[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? [value] : [];
  } catch {
    // A record cut off by a crash names nobody; what it would have named is found by its own means (postmaster.pid).
    return [];
  }
}

function isRecord(value: unknown): value is PidRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record: Partial<PidRecord> = value;
  return Number.isInteger(record.pid) && typeof record.startedAt === 'string' && Array.isArray(record.stopSteps);
}
