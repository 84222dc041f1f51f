// Plain JavaScript for Node 20 without any dependency: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout, without a final slash. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

const OLDEST_BOOTSTRAP_NODE = 20;
/** What Nest 12, Jest and the mail libraries need (docs: architecture decision on Node). */
const OLDEST_NODE = 24;
const bin = join(root, 'node_modules', '.bin');

/** A reason to end with one sentence and without a stack. */
export class BootstrapError extends Error {}

/** The environment in which everything of this repository runs: its own Node first, and no telemetry. */
export function toolEnvironment() {
  return {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}

/**
 * Installs and builds what is missing or out of date, quietly.
 * @param {{say: (line: string) => void, filters?: string[]}} options  filters: what to build, as turbo takes it.
 * @returns the path of the Node to run everything with.
 */
export async function prepare({ say, filters = [] }) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_BOOTSTRAP_NODE) {
    throw new BootstrapError(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_BOOTSTRAP_NODE} or later.`,
    );
  }
  if (!isInstalled()) {
    say('Installing the dependencies (about a minute, once)');
    await quietly(
      'npm',
      ['ci', '--no-progress', '--include=dev', '--include=optional'],
      'The dependencies could not be installed',
    );
  }
  const node = findNode();
  say('Building (quick when nothing changed)');
  const build = ['run', 'build', '--output-logs=errors-only', ...filters.map((filter) => `--filter=${filter}`)];
  await quietly(join(bin, 'turbo'), build, 'The build failed');
  return node;
}

/** Runs a program with this terminal, hands signals on to it, and ends as it ends. Never returns. */
export function become(command, args, environment = toolEnvironment()) {
  // The channel tells the child when this process is killed. Its own process group, so that a Ctrl-C reaches it once.
  const child = spawn(command, args, {
    env: environment,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** Prints what went wrong and ends with exit code 1. */
export function fail(error) {
  process.stderr.write(error instanceof BootstrapError ? `\n${error.message}\n` : `\n${error?.stack ?? error}\n`);
  process.exit(1);
}

/**
 * Whether node_modules is what package-lock.json asks for. npm leaves its own lock file in node_modules at the end of an
 * install: an install that was cut off has none, and one of an older lock file differs.
 */
function isInstalled() {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const present = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.link) return true;
    // Packages of other platforms are left out by design.
    const found = present[path];
    return found ? found.version === entry.version && found.integrity === entry.integrity : Boolean(entry.optional);
  });
}

function packagesIn(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The Node that npm installed; where there is none for this platform, the one that runs this, if it is new enough. */
function findNode() {
  if (existsSync(join(bin, 'node'))) return join(bin, 'node');
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath;
  throw new BootstrapError(
    `npm has no Node ${OLDEST_NODE} for this platform: install Node ${OLDEST_NODE} or later and start again.`,
  );
}

/** Runs a program to its end; what it says is shown only when it fails. */
function quietly(command, args, failure) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: toolEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => reject(new BootstrapError(`${failure}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new BootstrapError(`${failure}.\n${Buffer.concat(said).toString().trim()}`));
    });
  });
}
