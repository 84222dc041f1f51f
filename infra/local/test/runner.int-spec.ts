import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repositoryPath } from '../src/config/repository.js';
import type { LocalJson } from '../src/local-json/local-json.js';
import { identify } from '../src/supervise/process-identity.js';
import { temporaryDir, until } from './test-dir.js';

const run = promisify(execFile);
const workspace = fileURLToPath(new URL('..', import.meta.url));
/** Beside `src`, so that paths to the repository are as deep as there. */
const built = join(workspace, '.postern-test-build');
const place = temporaryDir();
const runners: ChildProcess[] = [];

interface Runner {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

function start(name: string): Runner {
  const args = [join(workspace, 'test/fake-runner.mjs'), built, '--data-dir', join(place.path, name), '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  runners.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { process: child, output: () => said, exit };
}

function localJson(name: string): LocalJson {
  return JSON.parse(readFileSync(join(place.path, name, 'local.json'), 'utf8'));
}

function ready(name: string, runner: Runner): Promise<void> {
  return until(`a ready runner in ${name}`, () => runner.output().includes('Postern is ready'));
}

function pidsOf(local: LocalJson): number[] {
  return Object.values(local.pids).flatMap((pids) => pids ?? []);
}

beforeAll(async () => {
  await run(repositoryPath('node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--outDir', built], {
    cwd: workspace,
  });
});

afterAll(async () => {
  await Promise.all(
    runners.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exit;
    }),
  );
  place.remove();
  rmSync(built, { recursive: true, force: true });
});

describe('the runner as a process', () => {
  test('welcomes, and ends with everything at SIGTERM within 10 s', async () => {
    await until('an end within 10 s', async () => {
      const runner = start('plain');
      await ready('plain', runner);
      const local = localJson('plain');
      expect(runner.output()).toContain(`Postern is ready at ${local.gateway_url}`);
      expect(runner.output()).toContain(local.api_key);
      process.kill(local.pids['runner'] as number, 'SIGTERM');
      const begin = performance.now();
      expect(await runner.exit).toBe(0);
      const tookMs = performance.now() - begin;
      expect(pidsOf(local).filter((pid) => identify(pid))).toEqual([]);
      expect(existsSync(join(place.path, 'plain/local.json'))).toBe(false);
      return tookMs < 10_000;
    });
  });

  test('after kill -9 the next one ends what was left, and goes on with the same data', async () => {
    const first = start('killed');
    await ready('killed', first);
    const before = localJson('killed');
    first.process.kill('SIGKILL');
    await first.exit;
    const orphans = pidsOf(before).filter((pid) => identify(pid));
    expect(orphans).toContain(before.pids['postgres']);

    const second = start('killed');
    await ready('killed', second);
    expect(second.output()).toContain('Ended what an earlier runner left behind: ');
    const after = localJson('killed');
    expect(orphans.filter((pid) => identify(pid))).toEqual([]);
    expect({ ...after, pids: {} }).toEqual({ ...before, pids: {} });
  });

  test('stops in good order when the program that started it is killed', async () => {
    const runner = start('orphaned');
    await ready('orphaned', runner);
    const local = localJson('orphaned');
    runner.process.disconnect();
    expect(await runner.exit).toBe(0);
    expect(pidsOf(local).filter((pid) => identify(pid))).toEqual([]);
  });

  test('a signal while it starts is obeyed', async () => {
    const runner = start('early');
    await until('a first line', () => runner.output() !== '');
    runner.process.kill('SIGINT');
    expect(await runner.exit).toBe(0);
    expect(runner.output()).toMatch(/Stopping\n[^]*Stopped\.\n$/);
  });
});

describe('the command line', () => {
  const main = (...args: string[]): Promise<{ code?: unknown; stderr: string; stdout: string }> =>
    run(process.execPath, [join(built, 'main.js'), ...args]).catch(
      (error: unknown) => error as { code: unknown; stderr: string; stdout: string },
    );

  test('--help explains the options', async () => {
    expect((await main('--help')).stdout).toContain('--data-dir DIR');
  });

  test('an unknown option is one sentence and exit code 2', async () => {
    expect(await main('--prot', '1')).toMatchObject({
      code: 2,
      stderr: "Unknown option '--prot'; --help lists the options.\n",
    });
  });

  test('a directory that cannot be written is one sentence and exit code 1', async () => {
    const { code, stderr } = await main('--data-dir', join(built, 'main.js', 'below'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The data directory .* cannot be written \(ENOTDIR\): choose another with --data-dir\.\n$/);
  });
});
