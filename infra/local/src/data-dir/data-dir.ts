import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errnoOf, StartError } from '../start-error.js';
import { makeDirectory } from './make-directory.js';

/** The places in a data directory; all paths are absolute. */
export interface DataDir {
  readonly root: string;
  /** One record per running process. */
  readonly run: string;
  readonly logs: string;
  readonly secrets: string;
  readonly content: string;
  /** A file or directory directly in the root. */
  path(name: string): string;
}

/**
 * Makes a data directory, or opens it again.
 * @param path  relative to the current directory, or absolute.
 * @throws StartError when it cannot be written.
 */
export async function openDataDir(path: string): Promise<DataDir> {
  const root = resolve(path);
  const at = (name: string): string => join(root, name);
  const dataDir = {
    root,
    run: at('run'),
    logs: at('logs'),
    secrets: at('secrets'),
    content: at('content'),
    path: at,
  };
  try {
    const { run, logs, secrets, content } = dataDir;
    for (const place of [root, run, logs, secrets, content]) await makeDirectory(place);
    await writeFile(at('.writable'), '');
    await rm(at('.writable'));
  } catch (error) {
    throw new StartError(
      `The data directory ${root} cannot be written (${errnoOf(error) ?? String(error)}): choose another with --data-dir.`,
      { cause: error },
    );
  }
  return dataDir;
}
