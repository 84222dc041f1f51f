import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, opendir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StoredContent } from './content-store.js';

/** Beside an organization's blobs: what is still being written. */
export const INCOMING = 'incoming';
/** A blob that is being judged: `<sha256>.<uuid>.judged`. */
const JUDGED = '.judged';
const SHA256 = /^[0-9a-f]{64}$/;

export const isMissing = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOENT';
const isThereAlready = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'EEXIST';

/** @returns null when what the work needs is not there. */
async function ifThere<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Times pass through floating point; a lease of a moment ago is as good as one of now. */
const MOMENT_MS = 1_000;

/**
 * Gives a blob the time of now.
 * @returns false when it is not there (any more): who wants it there writes it.
 */
export async function renewBlob(path: string): Promise<boolean> {
  const now = new Date();
  const renewed = await ifThere(async () => {
    await utimes(path, now, now);
    // The time may have gone to a file that was taken away between its being found and its being changed. One that is
    // still there now shows its new time to whoever takes it away later.
    return stat(path);
  });
  return renewed !== null && renewed.mtimeMs >= now.getTime() - MOMENT_MS;
}

/** A blob can be taken aside and put back between two looks; that it happens twice in a row is out of reach. */
const LOOKS = 3;

/** Opens a blob, also while it is being judged. @returns null when it is not there. */
export async function findBlob(path: string): Promise<FileHandle | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    for (const name of [basename(path), ...(look === 0 ? [] : await judgedOf(path))]) {
      const found = await ifThere(() => open(join(dirname(path), name), 'r'));
      if (found !== null) return found;
    }
  }
  return null;
}

async function judgedOf(path: string): Promise<string[]> {
  const names = (await ifThere(() => readdir(dirname(path)))) ?? [];
  return names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(JUDGED));
}

/**
 * Takes a blob aside, looks at its time, and either deletes it or puts it back. Nobody can renew it while it is aside: who
 * tries does not find it and writes it anew. So what was renewed before shows it, and what is renewed after is another file.
 * @returns whether it was deleted.
 */
export async function collectBlob(path: string, notRenewedSince: Date): Promise<boolean> {
  const aside = `${path}.${randomUUID()}${JUDGED}`;
  const taken = await ifThere(async () => {
    await rename(path, aside);
    return stat(aside);
  });
  if (taken === null) return false;
  if (taken.mtimeMs >= notRenewedSince.getTime()) {
    await putBack(aside, path);
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

/** A newer file of the same content may be in the place by now; then this one is not needed. */
async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    if (!isThereAlready(error)) throw error;
  }
  await rm(aside, { force: true });
}

/**
 * Every blob under a root: `<root>/<organization>/<two hex digits>/<sha256>`. Also mends what a killed process left: a
 * blob that was being judged is put back, one that was being written for longer than a day goes.
 */
export async function* allBlobs(root: string): AsyncGenerator<StoredContent> {
  for (const organizationId of await subdirectories(root)) {
    const home = join(root, organizationId);
    for (const directory of await subdirectories(home)) {
      if (directory === INCOMING) await dropStale(join(home, INCOMING));
      else yield* blobsOf(organizationId, join(home, directory));
    }
  }
}

async function* blobsOf(organizationId: string, directory: string): AsyncGenerator<StoredContent> {
  const names = await ifThere(() => readdir(directory));
  for (const name of names ?? []) {
    const path = join(directory, name);
    if (name.endsWith(JUDGED)) await mend(path, join(directory, name.slice(0, name.indexOf('.'))));
    else if (SHA256.test(name)) {
      const seen = await ifThere(() => stat(path));
      if (seen !== null) yield { organizationId, sha256: name, renewedAt: seen.mtime };
    }
  }
}

/** Longer than any process takes for a judgement or an upload. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** The change time: a judged blob's own time is old, and its rename is what is new. */
async function isAbandoned(path: string): Promise<boolean> {
  const seen = await ifThere(() => stat(path));
  return seen !== null && Date.now() - seen.ctimeMs > ABANDONED_MS;
}

async function mend(aside: string, path: string): Promise<void> {
  if (await isAbandoned(aside)) await putBack(aside, path);
}

async function dropStale(directory: string): Promise<void> {
  for (const name of (await ifThere(() => readdir(directory))) ?? []) {
    const path = join(directory, name);
    if (await isAbandoned(path)) await rm(path, { force: true });
  }
}

async function subdirectories(path: string): Promise<string[]> {
  const names: string[] = [];
  const directory = await ifThere(() => opendir(path));
  if (directory === null) return names;
  for await (const entry of directory) if (entry.isDirectory()) names.push(entry.name);
  return names;
}
