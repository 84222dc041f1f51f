import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheDir, othersMayEnter } from '../config/cache-dir.js';
import { childEnvironment } from '../config/environment.js';
import type { DataDir } from '../data-dir/data-dir.js';
import { errnoOf, StartError } from '../start-error.js';
import type { PostgresBinaries } from './binaries.js';
import type { ServerUser } from './server-user.js';

/** The superuser of a local cluster. */
export const ADMIN_ROLE = 'postern_admin';

/**
 * Sorting and case by code point, from PostgreSQL's own tables: the same on every machine, whatever locales it has.
 * Checksums find what a disk changed.
 */
const INITDB_FLAGS = [
  `--username=${ADMIN_ROLE}`,
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--auth=scram-sha-256',
];

/** Where data goes that PostgreSQL's user could not reach in the data directory; only root needs it. */
const DATA_OUTSIDE = '/var/lib/postern';

export interface ClusterOptions {
  readonly dataDir: DataDir;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | undefined;
  readonly password: string;
  report(line: string): void;
}

/** The directory of the cluster of this data directory, if there is one; its real place, which its user can reach. */
export async function findCluster(dataDir: DataDir): Promise<string | undefined> {
  const path = dataDir.path('postgres');
  return (await stat(join(path, 'PG_VERSION')).catch(ignoreMissing)) ? realpath(path) : undefined;
}

/**
 * Refuses data that another major version wrote: PostgreSQL reads its own only.
 * @throws StartError with what to do.
 */
export async function checkVersion(cluster: string, binaries: PostgresBinaries): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (found === binaries.major) return;
  throw new StartError(
    `The data in ${cluster} is of PostgreSQL ${found}, but this is PostgreSQL ${binaries.major}: choose another --data-dir, or move the data with that version's pg_dump.`,
  );
}

/**
 * Makes the cluster of a new data directory. A fresh cluster takes most of a second, so one is kept in the cache and
 * copied; the copy gets its own password before it has its final name, and is on disk when this returns.
 * (Copies share PostgreSQL's "system identifier", which matters to replication only.)
 */
export async function createCluster(options: ClusterOptions): Promise<string> {
  const { binaries, user, password, dataDir } = options;
  const path = dataDir.path('postgres');
  const template = await templateCluster(options);
  const place = await choosePlace(options, path);
  const draft = `${place}.new`;
  await rm(draft, { recursive: true, force: true });
  await copyAs(template, draft, user);
  const sql = `ALTER ROLE ${ADMIN_ROLE} PASSWORD '${password}';\n`;
  await runAs(user, binaries.postgres, ['--single', '-c', 'log_min_messages=warning', '-D', draft, 'postgres'], sql);
  await runAs(user, binaries.initdb, ['--sync-only', '-D', draft]);
  await rename(draft, place);
  if (place !== path) await symlink(place, path);
  return realpath(path);
}

/** The place in the data directory, or one that PostgreSQL's user can reach. */
async function choosePlace({ user, dataDir, report }: ClusterOptions, path: string): Promise<string> {
  if (user === undefined) return path;
  // Others may pass through to the database, and still read nothing here: every file is for its owner only.
  await chmod(dataDir.root, 0o711);
  if (await othersMayEnter(dataDir.root)) return path;
  const outside = join(DATA_OUTSIDE, `${basename(dataDir.root)}-${randomBytes(6).toString('hex')}`);
  await mkdir(outside, { recursive: true, mode: 0o711 });
  report(`The database is kept in ${outside}, because PostgreSQL's user may not enter ${dirname(dataDir.root)}`);
  return join(outside, 'postgres');
}

async function templateCluster({ binaries, user, dataDir }: ClusterOptions): Promise<string> {
  const cache = await cacheDir({ fallback: dataDir.path('cache'), readableByOthers: user !== undefined });
  const key = createHash('sha256')
    .update(JSON.stringify([binaries.version, INITDB_FLAGS, user?.uid]))
    .digest('hex')
    .slice(0, 12);
  const template = join(cache, `cluster-${key}`);
  if (await stat(template).catch(ignoreMissing)) return template;
  const draft = await mkdtemp(`${template}.`);
  try {
    // A password that nobody keeps: until a copy gets its own, nobody can log in.
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    if (user) await Promise.all([draft, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    await runAs(user, binaries.initdb, [
      ...INITDB_FLAGS,
      `--pwfile=${passwordFile}`,
      '--no-sync',
      '-D',
      join(draft, 'data'),
    ]);
    await rename(join(draft, 'data'), template);
  } catch (error) {
    // Another runner was faster: its template is as good.
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return template;
}

async function copyAs(from: string, to: string, user: ServerUser | undefined): Promise<void> {
  if (user === undefined) return cp(from, to, { recursive: true, mode: 0 });
  await runAs(undefined, 'cp', ['-a', from, to]);
}

/** Runs a program to its end as this user. @throws Error with the end of what it said when it fails. */
function runAs(user: ServerUser | undefined, command: string, args: readonly string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...user,
      cwd: '/',
      env: { ...childEnvironment(), TZ: 'UTC' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${basename(command)} failed (${code}): ${said.slice(-2_000)}`));
    });
    // A program that ends early closes its input; its exit code tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
  return undefined;
}
