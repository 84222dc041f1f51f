// `node infra/local/with-toolchain.mjs SCRIPT args…`: runs a script on the repository's own Node, after install and build.
// SCRIPT is a file, or the name of a program that npm installed (`jest`).
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { become, fail, prepare, root, BootstrapError } from './bootstrap/toolchain.mjs';

const [script, ...args] = process.argv.slice(2);

try {
  if (script === undefined) throw new BootstrapError('Say which script to run: with-toolchain.mjs SCRIPT args…');
  // Progress is no part of what the script prints.
  const node = await prepare({ say: (line) => process.stderr.write(`${line}\n`) });
  const installed = join(root, 'node_modules', '.bin', script);
  become(node, [existsSync(installed) ? installed : resolve(script), ...args]);
} catch (error) {
  fail(error);
}
