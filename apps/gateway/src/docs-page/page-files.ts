import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export interface PageFile {
  type: string;
  content: Buffer;
}

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
const PNG = 'image/png';

const INDEX = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Postern API</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="reference"></div>
    <noscript>The API is described in <a href="/openapi.json">openapi.json</a>.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null });\n`;

/** Files of the package swagger-ui-dist that the page loads. */
const PACKAGE_FILES = new Map([
  ['swagger-ui.css', STYLE],
  ['swagger-ui-bundle.js', SCRIPT],
  ['favicon-32x32.png', PNG],
]);
const OWN_FILES = new Map<string, PageFile>([
  ['index.html', { type: HTML, content: Buffer.from(INDEX) }],
  ['start.js', { type: SCRIPT, content: Buffer.from(START) }],
]);

const require = createRequire(import.meta.url);
const read = new Map<string, Promise<PageFile>>();

/**
 * A file of the reference page; those of the package are read once, at the first call.
 * @returns undefined for every name that the page does not load.
 */
export function readPageFile(name: string): Promise<PageFile> | PageFile | undefined {
  const own = OWN_FILES.get(name);
  const type = PACKAGE_FILES.get(name);
  if (own !== undefined || type === undefined) return own;
  const known = read.get(name);
  if (known !== undefined) return known;
  const reading = readFile(require.resolve(`swagger-ui-dist/${name}`)).then((content) => ({ type, content }));
  read.set(name, reading);
  return reading;
}
