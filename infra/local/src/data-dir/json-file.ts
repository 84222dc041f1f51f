import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { errnoOf } from '../start-error.js';

/** Writes a JSON file so that a reader sees the old content or the new one, never a part. Only its owner may read it. */
export function writeJsonFile(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}.new`;
  const fd = openSync(draft, 'w', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
}

/** The parsed content, or undefined when there is no such file or it is no JSON. The caller checks its shape. */
export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The entries of an object whose values have the wanted type; an empty object for anything else. */
export function entriesOf<T>(value: unknown, isWanted: (entry: unknown) => entry is T): Record<string, T> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => isWanted(entry[1])));
}
