import { mkdir, chmod, access, lstat, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StartError } from '../start-error.js';
import { runnerEnvironment, type Environment } from './environment.js';

export interface CacheDirOptions {
  /** Used when no directory of the user can be written. */
  readonly fallback: string;
  /** Must another user (the one PostgreSQL runs as when the runner is root) be able to read it? */
  readonly readableByOthers?: boolean;
  readonly environment?: Environment;
}

/**
 * A directory that outlives a data directory, for what is slow to make: unpacked servers and a fresh database cluster.
 * @returns an absolute path, created; `$XDG_CACHE_HOME/postern`, `~/.cache/postern` or the fallback, whichever comes
 * first that belongs to this user and can be written. When others must read it, root uses `/var/cache/postern`,
 * because its home is closed to them.
 * @throws StartError when not even the fallback is usable.
 */
export async function cacheDir(options: CacheDirOptions): Promise<string> {
  const environment = options.environment ?? runnerEnvironment();
  const isRoot = process.getuid?.() === 0;
  const candidates = [
    ...(isRoot && options.readableByOthers ? ['/var/cache/postern'] : []),
    ...(environment['XDG_CACHE_HOME'] ? [join(environment['XDG_CACHE_HOME'], 'postern')] : []),
    join(environment['HOME'] || homedir(), '.cache', 'postern'),
    options.fallback,
  ];
  for (const candidate of candidates) {
    if (await isUsable(resolve(candidate), options.readableByOthers ?? false)) return resolve(candidate);
  }
  throw new StartError(
    `No directory can be used as a cache (tried ${candidates.join(', ')}): set XDG_CACHE_HOME to one.`,
  );
}

async function isUsable(path: string, readableByOthers: boolean): Promise<boolean> {
  try {
    await mkdir(path, { recursive: true });
    const { uid } = await lstat(path);
    // Programs are run from here: a directory that somebody else owns is not trusted.
    if (process.getuid && uid !== process.getuid()) return false;
    if (readableByOthers) await chmod(path, 0o755);
    await access(path, constants.W_OK);
    return !readableByOthers || (await othersMayEnter(path));
  } catch {
    return false;
  }
}

/** Whether any user may reach this path: it and every directory above it has the execute bit for others. */
export async function othersMayEnter(path: string): Promise<boolean> {
  for (let current = resolve(path); ; current = dirname(current)) {
    const { mode } = await lstat(current);
    if ((mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}
