import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKey } from '../sns/signing-key.js';
import type { SandboxState, StateStore } from './state.js';

const emptyState = async (signingKeyBits: number): Promise<SandboxState> => ({
  version: 1,
  signingKey: await createSigningKey(signingKeyBits),
  topics: {},
  subscriptions: {},
  identities: {},
  configurationSets: {},
  dns: [],
});

const readState = async (path: string): Promise<SandboxState | undefined> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const state = JSON.parse(text) as Omit<SandboxState, 'dns'> & Partial<Pick<SandboxState, 'dns'>>;
  if (state.version !== 1) throw new Error(`${path} was written by another version of the sandbox; remove it.`);
  return { ...state, dns: state.dns ?? [] };
};

/** Replaces a file so that a crash leaves the old or the new one, never a mixture. */
const replaceFile = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
};

/**
 * Opens `state.json` in a directory, and makes both when they are missing.
 * @param signingKeyBits  of a new key; a known one stays as it is.
 * @throws when the directory cannot be written or the file is not the sandbox's.
 */
export const openState = async (directory: string, signingKeyBits: number): Promise<StateStore> => {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'state.json');
  const known = await readState(path);
  const state = known ?? (await emptyState(signingKeyBits));

  let writing = Promise.resolve();
  let queued: Promise<void> | undefined;
  const save = (): Promise<void> => {
    // Changes made while a write runs share the next one; a failed write does not fail its successor.
    queued ??= writing
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        writing = replaceFile(path, JSON.stringify(state, undefined, 2));
        return writing;
      });
    return queued;
  };

  if (!known) await save();
  return { state, save };
};
