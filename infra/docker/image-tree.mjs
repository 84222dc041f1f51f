// What goes into the image of one workspace: its built files, those of the libraries it depends on, and nothing that only
// development needs. npm's own `--workspace … --omit=dev` still links the workspaces of devDependencies, the AWS sandbox
// among them; so the tree gets package.json files without any, and npm then installs from the same lock file.
//   node image-tree.mjs write WORKSPACE TARGET   e.g. apps/gateway /image
//   node image-tree.mjs check TARGET             after `npm install` there: is all of it what the lock file says?
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/** Directories of the repository's packages by name, as the lock file links them. */
function workspaces() {
  const { packages } = readJson(repository, 'package-lock.json');
  const links = Object.entries(packages).filter(([, entry]) => entry.link);
  return new Map(links.map(([path, { resolved }]) => [path.replace('node_modules/', ''), resolved]));
}

/**
 * A workspace and all workspaces that it needs at run time.
 * @param {string} directory  relative to the repository, such as `apps/gateway`.
 * @returns {string[]} directories, that one first.
 */
export function runtimeWorkspaces(directory) {
  const byName = workspaces();
  const found = new Set([directory]);
  for (const one of found) {
    for (const name of Object.keys(readJson(repository, one, 'package.json').dependencies ?? {})) {
      const needed = byName.get(name);
      if (needed !== undefined) found.add(needed);
    }
  }
  return [...found];
}

function write(directory, target) {
  const needed = runtimeWorkspaces(directory);
  for (const one of needed) {
    const { devDependencies: _, scripts: __, ...manifest } = readJson(repository, one, 'package.json');
    if (!existsSync(join(repository, one, 'dist'))) throw new Error(`${one} is not built: run turbo run build first.`);
    mkdirSync(join(target, one), { recursive: true });
    writeJson(join(target, one, 'package.json'), manifest);
    cpSync(join(repository, one, 'dist'), join(target, one, 'dist'), { recursive: true });
  }
  const { name, version, license, type, overrides } = readJson(repository, 'package.json');
  writeJson(join(target, 'package.json'), {
    name,
    version,
    private: true,
    license,
    type,
    overrides,
    workspaces: needed,
  });
  for (const file of ['package-lock.json', '.npmrc', 'LICENSE']) cpSync(join(repository, file), join(target, file));
}

/** @throws Error that names the packages whose version or content the repository's lock file does not know. */
function check(target) {
  const locked = readJson(repository, 'package-lock.json').packages;
  const known = new Set(Object.values(locked).map(({ version, integrity }) => `${version} ${integrity}`));
  const installed = Object.entries(readJson(target, 'node_modules', '.package-lock.json').packages);
  const foreign = installed.filter(
    ([path, { link, version, integrity }]) =>
      path.includes('node_modules/') && !link && !known.has(`${version} ${integrity}`),
  );
  if (foreign.length > 0) throw new Error(`not in package-lock.json: ${foreign.map(([path]) => path).join(', ')}`);
  process.stdout.write(`${installed.length} packages, all as package-lock.json says\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , action, ...args] = process.argv;
  if (action === 'write' && args.length === 2) write(...args);
  else if (action === 'check' && args.length === 1) check(...args);
  else throw new Error('Say what to do: image-tree.mjs write WORKSPACE TARGET, or check TARGET.');
}
