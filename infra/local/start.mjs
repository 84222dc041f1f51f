// `npm start`: installs and builds what is missing, then hands over to the runner on the repository's own Node.
import { join } from 'node:path';
import { become, fail, prepare, root } from './bootstrap/toolchain.mjs';

const say = (line) => process.stdout.write(`${line}\n`);

try {
  const filters = ['./apps/*', './infra/local', './infra/aws-sandbox'];
  const node = await prepare({ say, filters });
  become(node, [join(root, 'infra/local/dist/main.js'), ...process.argv.slice(2)]);
} catch (error) {
  fail(error);
}
