import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';

const run = promisify(execFile);

/** One build of nats-server in Debian's archive. */
export interface DebianBuild {
  /** Debian's suite that carries it. */
  readonly suite: string;
  readonly packageVersion: string;
  readonly version: string;
  /** SHA-256 of the package file, by Debian's name of the architecture. */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * The builds that are fetched, in order of preference. sid's vanishes from the archive when a newer one replaces it;
 * trixie is a stable release, and its build stays. Both link to libc only and run on Debian 12 and later. Checksums as
 * listed in the archive's signed indexes on 21 November 2026, and verified on the files.
 */
export const DEBIAN_BUILDS: readonly DebianBuild[] = [
  {
    suite: 'sid',
    packageVersion: '2.15.1-1',
    version: '2.15.1',
    sha256: {
      amd64: '31ef4ceaa84e8248d449e508472e3770c17c3695cb5cb0ee96e03912724ea884',
      arm64: '68923b614b6b5594bbd63ffdce7258c2155ec448fb4cb7efd099bf9273eca128',
    },
  },
  {
    suite: 'trixie',
    packageVersion: '2.10.27-1+b2',
    version: '2.10.27',
    sha256: {
      amd64: '6d913ac987b78734c08537c2adeb1526cf735f216173a9170d94b185fcfe6f8a',
      arm64: '0c9a617510b28c1b4fb4a38aabea6ab8cd7f026247f2abdff8b955b2278ce049',
    },
  },
];

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const ARCHIVE = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Fetches a build with Debian's own tools and unpacks its program, without root and without touching the system: apt
 * gets a sources file and a directory of lists of its own.
 * @param cache  directory in which the program is kept.
 * @param signal  ends a fetch under way.
 * @returns the path of the program.
 * @throws StartError when the file is not the pinned one; Error when the archive has no such build or cannot be reached.
 */
export async function fetchBuild(build: DebianBuild, cache: string, signal?: AbortSignal): Promise<string> {
  const architecture = ARCHITECTURES[process.arch];
  const expected = architecture && build.sha256[architecture];
  if (architecture === undefined || expected === undefined) throw new Error(`No build for ${process.arch} is known.`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'fetch-'));
  try {
    const file = await download(build, work, signal);
    const actual = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    if (actual !== expected) {
      throw new StartError(
        `The package nats-server ${build.packageVersion} that was downloaded is not the known one (SHA-256 ${actual}): install nats-server yourself and set NATS_SERVER_BIN.`,
      );
    }
    const unpacked = join(work, 'unpacked');
    await run('dpkg', ['-x', file, unpacked], { signal });
    const program = programIn(cache, build);
    await chmod(join(unpacked, 'usr/sbin/nats-server'), 0o755);
    await mkdir(join(program, '..'), { recursive: true });
    await rename(join(unpacked, 'usr/sbin/nats-server'), program);
    return program;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where the program of a build is kept. */
export function programIn(cache: string, build: DebianBuild): string {
  return join(cache, build.version, 'nats-server');
}

async function download(build: DebianBuild, work: string, signal: AbortSignal | undefined): Promise<string> {
  for (const place of ['lists/partial', 'cache/archives/partial']) await mkdir(join(work, place), { recursive: true });
  const archive = (await archiveOfThisMachine()) ?? ARCHIVE;
  // Where Debian's keys are not installed (on Ubuntu, for one), the pinned checksum alone vouches for the file.
  const trust = await stat(KEYRING).then(
    () => `signed-by=${KEYRING}`,
    () => 'trusted=yes',
  );
  await writeFile(join(work, 'sources.list'), `deb [${trust}] ${archive} ${build.suite} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
    // As root, apt would change to a user who may not write here.
    `APT::Sandbox::User=${process.getuid?.() === 0 ? 'root' : ''}`,
  ].flatMap((option) => ['-o', option]);
  await run('apt-get', [...options, 'update'], { cwd: work, signal });
  await run('apt-get', [...options, 'download', `nats-server=${build.packageVersion}`], { cwd: work, signal });
  const file = (await readdir(work)).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('apt-get downloaded nothing.');
  return join(work, file);
}

/** The Debian archive (a mirror, perhaps) that this machine already uses, if it is a Debian. */
async function archiveOfThisMachine(): Promise<string | undefined> {
  const parts = await readdir('/etc/apt/sources.list.d').catch(() => []);
  const files = ['/etc/apt/sources.list', ...parts.map((part) => join('/etc/apt/sources.list.d', part))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const lines = texts.join('\n').replace(/^\s*#.*$/gm, '');
  return /\bhttps?:\/\/\S+\/debian\/?(?=\s)/.exec(lines)?.[0];
}
