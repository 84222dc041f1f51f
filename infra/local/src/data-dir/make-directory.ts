import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../start-error.js';

/**
 * Makes a directory that only its owner may enter, and those above it that lack. One that is there already stays as it is.
 * In place of mkdir's own `recursive`, which tries for ever where the kernel knows no such name and takes no new one, as
 * in /proc.
 * @param path  absolute.
 * @throws the system's error.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const above = dirname(path);
    const errno = errnoOf(error);
    if (errno === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (errno !== 'ENOENT' || existsSync(above)) throw error;
    await makeDirectory(above);
    await makeDirectory(path);
  }
}
