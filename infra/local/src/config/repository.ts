import { fileURLToPath } from 'node:url';

/** Root of the checkout, absolute, with a final slash. The same from `src` and from `dist`. */
const ROOT = new URL('../../../../', import.meta.url);

/** Absolute path of a file of the repository, given relative to its root. */
export function repositoryPath(relative: string): string {
  return fileURLToPath(new URL(relative, ROOT));
}
