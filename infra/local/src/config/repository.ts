import { fileURLToPath } from 'node:url';

/** Root of the checkout, absolute, with a final slash. The same from `src` and from `dist`. */
const ROOT = new URL('../../../../', import.meta.url);

/** Absolute path of a file of the repository, given relative to its root. */
export function repositoryPath(relative: string): string {
  return fileURLToPath(new URL(relative, ROOT));
}

/** Where Node keeps programs as it compiled them. They are of the checkout, not of its data: a new data directory starts as quickly as an old one. */
export const COMPILE_CACHE = repositoryPath('node_modules/.cache/compile');
