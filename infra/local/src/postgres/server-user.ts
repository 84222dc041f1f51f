import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';

const run = promisify(execFile);

/** A user of the operating system, by number. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so it runs as this user then. */
const NAME = 'postgres';

/**
 * The user that PostgreSQL must run as.
 * @param cluster  its data, when there is some already: then the owner of it, whoever started it first.
 * @returns undefined when that is the runner's own user.
 * @throws StartError when an ordinary user finds data of somebody else, or root cannot make the user.
 */
export async function serverUser(cluster: string | undefined): Promise<ServerUser | undefined> {
  const owner = cluster === undefined ? undefined : await stat(cluster);
  if (process.getuid?.() !== 0) {
    if (owner && owner.uid !== process.getuid?.()) {
      throw new StartError(
        `The database in ${cluster} belongs to another user: start as that user (or root), or choose another --data-dir.`,
      );
    }
    return undefined;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await lookUp()) ?? (await create());
}

async function lookUp(): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function create(): Promise<ServerUser> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (error) {
    throw new StartError(
      `PostgreSQL does not run as root and the user ${NAME} could not be made: start as an ordinary user.`,
      { cause: error },
    );
  }
  const made = await lookUp();
  if (made === undefined)
    throw new StartError(`The user ${NAME} was made but cannot be found: start as an ordinary user.`);
  return made;
}
