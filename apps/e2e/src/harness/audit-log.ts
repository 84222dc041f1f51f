import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { Client, type Json } from './client.js';
import { unique, type Postern } from './postern.js';

/** What `npm run audit:verify` runs. */
const VERIFIER = fileURLToPath(new URL('../../../gateway/dist/audit/verify/main.js', import.meta.url));

/** A key whose deeds are audited. */
export interface Key {
  id: string;
  secret: string;
  client: Client;
}

/** An export of the log, as it came. */
export interface Export {
  text: string;
  /** Of the header X-Audit-Head. */
  head: string;
}

/** The first key of a fresh organization. */
export async function firstKey(postern: Postern): Promise<Key> {
  const { body } = await postern.root.post('/v1/organizations', { name: unique('Audited') });
  const secret = String(body['api_key']?.['secret']);
  return { id: String(body['api_key']?.['id']), secret, client: new Client(postern.local.gateway_url, secret) };
}

/** Newest first. */
export async function entriesOf({ client }: Key): Promise<Json[]> {
  const { body } = await client.get('/v1/audit_log?limit=100');
  return [...(body['data'] as Json)];
}

export async function exportOf(postern: Postern, { secret }: Key): Promise<Export> {
  const reply = await fetch(`${postern.local.gateway_url}/v1/audit_log/export`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return { text: await reply.text(), head: reply.headers.get('x-audit-head') ?? '' };
}

/** Runs the verifier as an operator would. */
export async function verify(text: string, ...options: string[]): Promise<{ code: number; said: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-audit-'));
  const file = join(directory, 'log.jsonl');
  await writeFile(file, text);
  return promisify(execFile)(process.execPath, [VERIFIER, file, ...options])
    .then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, said: error.stdout }),
    )
    .finally(() => rm(directory, { recursive: true }));
}
