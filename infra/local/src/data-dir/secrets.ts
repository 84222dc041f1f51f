import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../start-error.js';
import type { DataDir } from './data-dir.js';

/** 192 bits: cannot be guessed, and short enough for a terminal. */
const SECRET_BYTES = 24;

/**
 * The secret of this name, made at the first call and kept in the data directory, where only its owner may read it.
 * @returns letters, digits, `-` and `_` only, so that it can stand in a URL as it is.
 */
export function secret(dataDir: DataDir, name: string): string {
  const path = join(dataDir.secrets, name);
  const known = readIfThere(path);
  if (known) return known;
  const fresh = randomBytes(SECRET_BYTES).toString('base64url');
  writeFileSync(`${path}.new`, fresh, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return fresh;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
