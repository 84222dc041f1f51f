import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';

const run = promisify(execFile);
const ASK_TIMEOUT_MS = 5_000;

/** `sync_interval`, consumer filters and reasons came with 2.10; an older server takes some settings and ignores them. */
export const OLDEST_SERVER = '2.10.0';

/** Whether a server of this version (`2.10.27`, `v2.12.0-beta.1`) can carry Postern. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}

/** The version of the program at this path, or undefined when it cannot be run or does not say. */
export async function versionOfProgram(path: string): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(path, ['--version'], { timeout: ASK_TIMEOUT_MS });
    return /v(\d+\.\d+\.\S+)/.exec(stdout + stderr)?.[1];
  } catch {
    return undefined;
  }
}

/** The one sentence about a server that is too old. @param where  the program's path or the server's address, no secrets. */
export function tooOld(where: string, version: string): StartError {
  return new StartError(
    `nats-server ${version} (${where}) is too old, Postern needs ${OLDEST_SERVER} or later: update it, or unset NATS_URL and NATS_SERVER_BIN to use one that is downloaded.`,
  );
}
