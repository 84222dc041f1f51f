import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.js';
import { DEBIAN_BUILDS, programIn, type fetchBuild } from './debian-package.js';
import { findServer } from './find-server.js';

let dir: string;
const report = jest.fn<(line: string) => void>();
const fetch = jest.fn<typeof fetchBuild>();

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'postern-find-'));
  report.mockReset();
  fetch.mockReset();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A program that says it is nats-server of this version. */
function program(path: string, version: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "nats-server: v${version}"\n`, { mode: 0o755 });
  return path;
}

function find(environment: Record<string, string>): Promise<string> {
  const all = { HOME: dir, PATH: '', ...environment };
  return findServer({ environment: all, cacheFallback: join(dir, 'fallback'), report, fetch });
}

const [newest, stable] = DEBIAN_BUILDS as [(typeof DEBIAN_BUILDS)[0], (typeof DEBIAN_BUILDS)[0]];
const inCache = (build: typeof newest): string => programIn(join(dir, '.cache/postern/nats-server'), build);

describe('where nats-server is looked for', () => {
  test('NATS_SERVER_BIN comes first', async () => {
    const chosen = program(join(dir, 'chosen'), '2.10.1');
    program(join(dir, 'bin/nats-server'), '2.15.1');
    expect(await find({ NATS_SERVER_BIN: chosen, PATH: join(dir, 'bin') })).toBe(chosen);
  });

  test('a chosen one that is too old, or none at all, is refused in one sentence', async () => {
    const old = program(join(dir, 'old'), '2.9.10');
    await expect(find({ NATS_SERVER_BIN: old })).rejects.toThrow(
      /nats-server 2\.9\.10 .* too old, Postern needs 2\.10\.0/,
    );
    await expect(find({ NATS_SERVER_BIN: '/nowhere' })).rejects.toThrow(
      /NATS_SERVER_BIN is \/nowhere, which is no nats-server/,
    );
  });

  test('then PATH, where an old one is passed over with a word', async () => {
    const old = program(join(dir, 'a/nats-server'), '2.9.10');
    const good = program(join(dir, 'b/nats-server'), '2.11.0');
    program(inCache(newest), '2.15.1');
    expect(await find({ PATH: `${join(dir, 'a')}:${join(dir, 'b')}` })).toBe(good);
    expect(report).toHaveBeenCalledWith(expect.stringContaining(`${old} is not used`));
  });

  test('then what was fetched before', async () => {
    program(inCache(stable), '2.10.27');
    expect(await find({})).toBe(inCache(stable));
    expect(fetch).not.toHaveBeenCalled();
  });

  test('then the archive: the newest build, and the stable one when that has been replaced', async () => {
    fetch.mockRejectedValueOnce(new Error('E: Version not found')).mockResolvedValueOnce('/fetched');
    expect(await find({})).toBe('/fetched');
    expect(fetch.mock.calls.map(([build]) => build.suite)).toEqual(['sid', 'trixie']);
  });

  test('a forged package ends the search', async () => {
    fetch.mockRejectedValueOnce(new StartError('not the known one'));
    await expect(find({})).rejects.toThrow('not the known one');
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('nothing anywhere is one sentence that says what to do', async () => {
    fetch.mockRejectedValue(new Error('no network'));
    await expect(find({})).rejects.toThrow(/^No nats-server 2\.10 or later was found, .* NATS_URL\.$/);
  });
});
