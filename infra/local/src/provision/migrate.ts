import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DataDir } from '../data-dir/data-dir.js';
import { entriesOf, readJsonFile, writeJsonFile } from '../data-dir/json-file.js';
import type { ServiceDefinition } from '../services/service-definition.js';
import { errnoOf, StartError } from '../start-error.js';

const run = promisify(execFile);

/** Each one is a Node process that reads the ORM: more at once than cores is no faster. */
const AT_ONCE = 2;
const MIGRATE_TIMEOUT_MS = 600_000;

export interface MigrateOptions<P extends { readonly service: ServiceDefinition }> {
  readonly dataDir: DataDir;
  /** One process of each service. */
  readonly processes: readonly P[];
  readonly adminUrl: string;
  /** Settings of a process, DATABASE_URL among them. */
  settingsOf(process: P): Readonly<Record<string, string>>;
  /** May what was recorded here be believed? Only if the database lives in this data directory. */
  readonly trustRecord: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs the migrations of the services whose code changed since they last ran on this database.
 * @returns the names of the services that were migrated.
 * @throws StartError with the end of what a migration said when it fails.
 */
export async function migrateAll<P extends { readonly service: ServiceDefinition }>(
  options: MigrateOptions<P>,
): Promise<string[]> {
  const recordPath = options.dataDir.path('migrations.json');
  const record = options.trustRecord ? entriesOf(readJsonFile(recordPath), isText) : {};
  const queue: (() => Promise<void>)[] = [];
  const due: string[] = [];
  for (const process of options.processes) {
    const { name, migrateScript, migrateInputs } = process.service;
    if (migrateScript === undefined) continue;
    const fingerprint = await fingerprintOf(migrateInputs ?? []);
    if (record[name] === fingerprint) continue;
    due.push(name);
    queue.push(async () => {
      await migrate(
        name,
        migrateScript,
        { ...options.settingsOf(process), DATABASE_ADMIN_URL: options.adminUrl },
        options.signal,
      );
      record[name] = fingerprint;
    });
  }
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (due.length > 0) writeJsonFile(recordPath, record);
  return due;
}

async function migrate(
  name: string,
  script: string,
  env: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await run(process.execPath, ['--enable-source-maps', script], { env, timeout: MIGRATE_TIMEOUT_MS, signal });
  } catch (error) {
    throw new StartError(`The migrations of ${name} failed:\n${outputOf(error)}`, { cause: error });
  }
}

/** A digest over the programs in these directories; the same code gives the same one, wherever and whenever it was built. */
async function fingerprintOf(directories: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const directory of directories) {
    for (const file of await programsIn(directory))
      hash
        .update(file)
        .update('\0')
        .update(await readFile(join(directory, file)));
  }
  return hash.digest('hex');
}

async function programsIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory, { recursive: true })).filter((file) => file.endsWith('.js')).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const END_OF_OUTPUT = 3_000;

function outputOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'stderr' in error && 'stdout' in error) {
    const said = `${String(error.stdout)}${String(error.stderr)}`.trim().slice(-END_OF_OUTPUT);
    if (said) return said;
  }
  return String(error);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
