import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, StartError } from '../start-error.js';
import { identify, isAlive, type ProcessIdentity } from '../supervise/process-identity.js';
import type { DataDir } from './data-dir.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

/** The right to use a data directory. */
export interface DataDirLock {
  /** Tells a runner that starts now that it is worth waiting. */
  stopping(): void;
  release(): void;
}

interface Holder extends ProcessIdentity {
  readonly stopping?: boolean;
}

/** A runner that is stopping is gone within 10 s; this leaves room for a busy machine. */
const WAIT_FOR_STOPPING_MS = 15_000;
const LOOK_EVERY_MS = 100;

/**
 * Takes the data directory for this process. A lock of a process that no longer lives is taken over, however it ended;
 * one of a runner that is just stopping is waited for.
 * @throws StartError when another runner uses the directory.
 */
export async function lockDataDir(dataDir: DataDir): Promise<DataDirLock> {
  const path = dataDir.path('runner.json');
  const self = identify(process.pid);
  if (self === undefined) throw new Error('This process cannot be identified: /proc or ps is needed.');
  const deadline = performance.now() + WAIT_FOR_STOPPING_MS;
  while (!create(path, self)) {
    const holder = readJsonFile(path);
    if (!isHolder(holder) || !isAlive(holder)) setAside(path, self);
    else if (!holder.stopping || performance.now() > deadline) {
      throw new StartError(
        `Postern already runs in ${dataDir.root} (process ${holder.pid}): stop it, or choose another directory with --data-dir.`,
      );
    } else await sleep(LOOK_EVERY_MS);
  }
  return {
    stopping: () => writeJsonFile(path, { ...self, stopping: true }),
    release: () => rmSync(path, { force: true }),
  };
}

/** Creates the file with its content in one step: a link fails when the name is taken, and nobody sees an empty file. */
function create(path: string, self: ProcessIdentity): boolean {
  const draft = `${path}.${self.pid}`;
  writeFileSync(draft, `${JSON.stringify(self)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's file away. Of two who try, one moves it and the other finds nothing, which is as good. */
function setAside(path: string, self: ProcessIdentity): void {
  try {
    renameSync(path, `${path}.${self.pid}.stale`);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  rmSync(`${path}.${self.pid}.stale`, { force: true });
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const holder: Partial<Holder> = value;
  return typeof holder.pid === 'number' && typeof holder.startedAt === 'string';
}
