import { afterAll, expect, test } from '@jest/globals';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_LINES } from '../src/supervise/loud-lines.js';
import { stopLeftovers } from '../src/supervise/pid-file.js';
import { identify } from '../src/supervise/process-identity.js';
import type { ProcessSpec } from '../src/supervise/process-spec.js';
import { SupervisedProcess } from '../src/supervise/supervised-process.js';
import { temporaryDir, until } from './test-dir.js';

const place = temporaryDir();
const runDir = join(place.path, 'run');
mkdirSync(runDir);
const lines: string[] = [];
afterAll(() => place.remove());

function supervise(
  name: string,
  program: string,
  more: Partial<ProcessSpec> = {},
  onChange = (): void => {},
): SupervisedProcess {
  const spec: ProcessSpec = {
    name,
    command: process.execPath,
    args: ['-e', program],
    env: {},
    ready: async () => true,
    stage: 0,
    stopSteps: [{ signal: 'SIGTERM', waitMs: 300 }],
    loud: SERVICE_LINES,
    ...more,
  };
  return new SupervisedProcess(spec, { logDir: place.path, runDir, report: (line) => lines.push(line), onChange });
}

const FOREVER = 'setInterval(() => {}, 1000);';

test('a process that ends by itself again and again is started again, after longer and longer waits', async () => {
  const unsteady = supervise('unsteady', 'process.exit(7)');
  await unsteady.start();
  await until('three restarts', () => lines.filter((line) => line.startsWith('[unsteady]')).length >= 3);
  await unsteady.stop();
  expect(lines.filter((line) => line.startsWith('[unsteady]')).slice(0, 3)).toEqual(
    ['0.2', '0.4', '0.8'].map(
      (wait) => `[unsteady] ERROR unsteady ended with exit code 7; starting it again in ${wait} s`,
    ),
  );
});

test('one that was never ready is given up after three attempts, with its last words', async () => {
  const hopeless = supervise('hopeless', 'console.log("last words"); process.exit(1)', { ready: async () => false });
  await expect(hopeless.start()).rejects.toThrow(
    /^hopeless ended with exit code 1\. The end of .*hopeless\.log:\n[^]*last words$/,
  );
  await hopeless.stop();
});

test('a successor that takes long to be ready is told of before it is', async () => {
  let isReady = true;
  const told: (number | undefined)[] = [];
  const slow = supervise('slow', FOREVER, { ready: async () => isReady }, () => told.push(slow.pid));
  await slow.start();
  const first = slow.pid;
  isReady = false;
  slow.kill('SIGKILL');
  await until('the word of another process', () => told.at(-1) !== first);
  expect([told, slow.isReady]).toEqual([[first, slow.pid], false]);
  await slow.stop();
});

test('a program that does not exist is an error, not a crash', async () => {
  const missing = supervise('missing', '', { command: '/nowhere/program', ready: async () => false });
  await expect(missing.start()).rejects.toThrow(/^missing could not be started \(spawn \/nowhere\/program ENOENT\)/);
  await missing.stop();
});

test('one that ignores SIGTERM is killed, and its record goes', async () => {
  const stubborn = supervise('stubborn', `process.on("SIGTERM", () => {}); ${FOREVER}`);
  await stubborn.start();
  const { pid } = stubborn;
  expect(existsSync(join(runDir, 'stubborn.pid'))).toBe(true);
  await stubborn.stop();
  expect(identify(pid ?? 0)).toBeUndefined();
  expect(existsSync(join(runDir, 'stubborn.pid'))).toBe(false);
});

test('a process has its own group, so that a Ctrl-C in the terminal does not reach it', async () => {
  const grouped = supervise('grouped', FOREVER);
  await grouped.start();
  const { pid = 0 } = grouped;
  // Signal 0 to a group tells whether the group exists; only the leader of one gives it its number.
  expect(() => process.kill(-pid, 0)).not.toThrow();
  await grouped.stop();
});

test('what an earlier runner left is ended; a number that was used again is left alone', async () => {
  const left = supervise('left', FOREVER);
  await left.start();
  const { pid = 0 } = left;
  await until('the record', () => existsSync(join(runDir, 'left.pid')));
  const stopped = left.stop.bind(left);
  expect(await stopLeftovers(runDir)).toEqual(['left']);
  await stopped();
  expect(identify(pid)).toBeUndefined();
  expect(await stopLeftovers(runDir)).toEqual([]);
});
