import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './document.js';

/** Writes docs/generated/openapi.json; with `--check`, fails when it is not what would be written. */
const path = fileURLToPath(new URL('../../../../docs/generated/openapi.json', import.meta.url));
const document = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  const written = await readFile(path, 'utf8').catch(() => '');
  if (written !== document) {
    process.stderr.write('docs/generated/openapi.json is not up to date; run npm run openapi -w @postern/gateway.\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(path, document);
}
