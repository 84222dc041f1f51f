import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheDir } from '../config/cache-dir.js';
import { runnerEnvironment, type Environment } from '../config/environment.js';
import { StartError } from '../start-error.js';
import { DEBIAN_BUILDS, fetchBuild, programIn, type DebianBuild } from './debian-package.js';
import { isNewEnough, tooOld, versionOfProgram } from './server-version.js';

export interface FindServerOptions {
  /** Kept there when no directory of the user can be written. */
  readonly cacheFallback: string;
  report(line: string): void;
  /** Ends a download under way. */
  readonly signal?: AbortSignal;
  /** For tests: where settings come from, and what can be fetched and how. */
  readonly environment?: Environment;
  readonly builds?: readonly DebianBuild[];
  readonly fetch?: typeof fetchBuild;
}

/**
 * A nats-server of version 2.10 or later: `NATS_SERVER_BIN`, one in PATH, one fetched before, or one fetched now from
 * Debian's archive (about 15 MB, once).
 * @returns the path of the program.
 * @throws StartError when there is none, or the one that NATS_SERVER_BIN names is too old.
 */
export async function findServer(options: FindServerOptions): Promise<string> {
  const environment = options.environment ?? runnerEnvironment();
  const builds = options.builds ?? DEBIAN_BUILDS;
  const chosen = environment['NATS_SERVER_BIN'];
  if (chosen) return checkChosen(chosen);
  const cache = join(await cacheDir({ fallback: options.cacheFallback, environment }), 'nats-server');
  const there = (await searchPath(environment['PATH'] ?? '', options.report)) ?? (await searchCache(cache, builds));
  return there ?? fetchFirst(builds, cache, options);
}

async function checkChosen(path: string): Promise<string> {
  const version = await versionOfProgram(path);
  if (version === undefined)
    throw new StartError(`NATS_SERVER_BIN is ${path}, which is no nats-server: set it to the path of one.`);
  if (!isNewEnough(version)) throw tooOld(path, version);
  return path;
}

async function searchPath(path: string, report: (line: string) => void): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter(Boolean)) {
    const program = join(directory, 'nats-server');
    if (!(await isExecutable(program))) continue;
    const version = await versionOfProgram(program);
    if (version && isNewEnough(version)) return program;
    report(
      `${program} is not used: Postern needs nats-server 2.10 or later, this is ${version ?? 'of no known version'}`,
    );
  }
  return undefined;
}

async function searchCache(cache: string, builds: readonly DebianBuild[]): Promise<string | undefined> {
  for (const build of builds) {
    if (await isExecutable(programIn(cache, build))) return programIn(cache, build);
  }
  return undefined;
}

async function fetchFirst(builds: readonly DebianBuild[], cache: string, options: FindServerOptions): Promise<string> {
  const failures: unknown[] = [];
  for (const build of builds) {
    options.report(`Fetching nats-server ${build.version} from Debian's archive (once)`);
    try {
      return await (options.fetch ?? fetchBuild)(build, cache, options.signal);
    } catch (error) {
      if (error instanceof StartError || options.signal?.aborted) throw error;
      failures.push(error);
    }
  }
  throw new StartError(
    "No nats-server 2.10 or later was found, and none could be fetched from Debian's archive: install one and put it in PATH, or set NATS_SERVER_BIN or NATS_URL.",
    { cause: new AggregateError(failures) },
  );
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
