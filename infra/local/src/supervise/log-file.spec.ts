import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from './log-file.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'postern-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a log stays bounded: one file, and one older', () => {
  const log = new LogFile(join(dir, 'a.log'), 100);
  for (let n = 0; n < 100; n += 1) log.append(Buffer.from(`line ${n}\n`));
  log.close();
  expect(readdirSync(dir).sort()).toEqual(['a.log', 'a.log.1']);
  expect(statSync(join(dir, 'a.log')).size).toBeLessThanOrEqual(110);
  expect(log.text()).toMatch(/line 98\nline 99\n$/);
});

test('a restart goes on in the same file, and output after the end is let go', () => {
  const first = new LogFile(join(dir, 'a.log'));
  first.append(Buffer.from('one\n'));
  first.close();
  first.append(Buffer.from('late\n'));
  const second = new LogFile(join(dir, 'a.log'));
  second.append(Buffer.from('two\n'));
  expect(second.lastLines(5)).toBe('one\ntwo');
  second.close();
});
