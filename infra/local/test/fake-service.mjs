// Stands for a service in tests of the runner: healthy, quick, and with as much of the gateway as the runner asks for.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const { ADMIN_PORT, PORT, POSTERN_ROOT_KEY, CONTENT_STORE_URL } = process.env;
const keyFile = fileURLToPath(`${CONTENT_STORE_URL}/fake-keys`);

createServer((request, response) => {
  response.writeHead(request.url === '/health/ready' ? 200 : 404).end();
}).listen(Number(ADMIN_PORT), '127.0.0.1');

if (PORT) {
  createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const key = request.headers.authorization?.slice('Bearer '.length) ?? '';
      const [status, body] = answer(`${request.method} ${request.url}`, key);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }).listen(Number(PORT), '127.0.0.1');
}

function answer(what, key) {
  const isKnown = existsSync(keyFile) && readFileSync(keyFile, 'utf8').includes(key);
  if (what === 'POST /v1/organizations')
    return key === POSTERN_ROOT_KEY ? [201, { organization: {}, api_key: { secret: newKey() } }] : [401, {}];
  if (!isKnown) return [401, {}];
  return what === 'POST /v1/api_keys' ? [201, { id: 'key_1', secret: newKey() }] : [200, { data: [] }];
}

function newKey() {
  const key = `pn_live_${randomUUID()}`;
  appendFileSync(keyFile, `${key}\n`);
  return key;
}

process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ level: 'info', what: 'service.started', env: process.env })}\n`);
