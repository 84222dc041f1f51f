import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What runs as a process of its own and works on what strangers send. */
export interface ChildProgram {
  /** Its entry. It says `ready` when it has started, and answers each message with one. */
  entry: URL;
  /** The directory of its service, with a slash at the end: its own code. */
  service: URL;
  /** Options of Node beyond those of {@link sandboxOptions}. */
  execArgv: readonly string[];
}

/**
 * Options that leave a process nothing but its own code to read: no other file, no child process, no worker, no add-on
 * (Node's permission model), no code made of strings, and a heap of its own size.
 * @param heapMaxMb  of V8's old generation; the process ends itself when it needs more.
 */
export function sandboxOptions({ service }: ChildProgram, heapMaxMb: number): string[] {
  return [
    '--permission',
    ...readablePaths(service).map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${heapMaxMb}`,
    '--no-warnings',
  ];
}

/**
 * The directory of the service, every directory of packages that Node looks into from there, and where these link to:
 * workspaces of this repository are linked.
 */
function readablePaths(service: URL): string[] {
  const paths = [fileURLToPath(service)];
  for (let at = service; ; at = new URL('../', at)) {
    const packages = fileURLToPath(new URL('node_modules/', at));
    if (existsSync(packages)) paths.push(packages, ...linkedInto(join(packages, '@postern')));
    if (at.pathname === new URL('../', at).pathname) return paths;
  }
}

/** A link may lead nowhere: to a workspace that is not part of this installation. */
const linkedInto = (scope: string): string[] =>
  existsSync(scope)
    ? readdirSync(scope)
        .map((name) => join(scope, name))
        .filter(existsSync)
        .map((path) => realpathSync(path))
    : [];
