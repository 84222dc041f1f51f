import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEAP_MAX_MB } from './limits.js';

/** Injects the {@link ExtractorProgram}. */
export const EXTRACTOR_PROGRAM = Symbol('EXTRACTOR_PROGRAM');

/** What runs as the process that reads attachments. */
export interface ExtractorProgram {
  /** Its entry, three levels below the directory of this service. */
  entry: URL;
  /** Options of Node beyond those of {@link sandboxOptions}. */
  execArgv: readonly string[];
}

export const BUILT_EXTRACTOR: ExtractorProgram = { entry: new URL('process/main.js', import.meta.url), execArgv: [] };

/**
 * Options that leave a process nothing but its own code to read: no other file, no child process, no worker, no add-on
 * (Node's permission model), no code made of strings, and a heap of its own size.
 */
export function sandboxOptions({ entry }: ExtractorProgram): string[] {
  return [
    '--permission',
    ...readablePaths(entry).map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${HEAP_MAX_MB}`,
    '--no-warnings',
  ];
}

/**
 * The directory of this service, every directory of packages that Node looks into from there, and where these link to:
 * workspaces of this repository are linked.
 */
function readablePaths(entry: URL): string[] {
  const service = new URL('../../../', entry);
  const paths = [fileURLToPath(service)];
  for (let at = service; ; at = new URL('../', at)) {
    const packages = fileURLToPath(new URL('node_modules/', at));
    if (existsSync(packages)) paths.push(packages, ...linkedInto(join(packages, '@postern')));
    if (at.pathname === new URL('../', at).pathname) return paths;
  }
}

const linkedInto = (scope: string): string[] =>
  existsSync(scope) ? readdirSync(scope).map((name) => realpathSync(join(scope, name))) : [];
