import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDir, type DataDir } from './data-dir.js';
import { lockDataDir } from './lock.js';

let dir: string;
let dataDir: DataDir;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'postern-lock-'));
  dataDir = await openDataDir(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a second runner is refused until the first lets go', async () => {
  const lock = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toThrow(`Postern already runs in ${dir} (process ${process.pid})`);
  lock.release();
  (await lockDataDir(dataDir)).release();
});

test('one that is stopping is waited for', async () => {
  const lock = await lockDataDir(dataDir);
  lock.stopping();
  const next = lockDataDir(dataDir);
  setImmediate(() => lock.release());
  (await next).release();
});

test.each([
  ['of a process that has gone', { pid: 1, startedAt: 'another boot/1' }],
  ['of a number that was used again', { pid: process.pid, startedAt: 'another boot/1' }],
  ['that says nothing', {}],
])('a lock %s does not count', async (_, holder) => {
  writeFileSync(join(dir, 'runner.json'), JSON.stringify(holder));
  (await lockDataDir(dataDir)).release();
});
