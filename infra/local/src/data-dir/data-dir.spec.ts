import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDir } from './data-dir.js';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'postern-data-dir-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

test('is made with what lacks above it, for its owner only, and opened again', async () => {
  const root = join(place, 'one/two');
  const dataDir = await openDataDir(root);
  writeFileSync(dataDir.path('kept'), '');
  expect(await openDataDir(root)).toEqual({ ...dataDir, path: expect.any(Function) });
  expect(existsSync(dataDir.path('kept'))).toBe(true);
  expect([statSync(root).mode & 0o777, statSync(dataDir.secrets).mode & 0o777]).toEqual([0o700, 0o700]);
});

test.each<[string, (place: string) => string, string]>([
  ['a file', (at) => (writeFileSync(join(at, 'file'), ''), join(at, 'file')), 'EEXIST'],
  ['below a file', (at) => (writeFileSync(join(at, 'file'), ''), join(at, 'file/one')), 'ENOTDIR'],
  ['a link to nowhere', (at) => (symlinkSync(join(at, 'nowhere'), join(at, 'link')), join(at, 'link')), 'ENOENT'],
  ['where nothing can be made', () => '/proc/one/two', 'ENOENT'],
])('one that is %s is refused in one sentence', async (_what, pathIn, errno) => {
  const path = pathIn(place);
  await expect(openDataDir(path)).rejects.toThrow(
    `The data directory ${path} cannot be written (${errno}): choose another with --data-dir.`,
  );
});
