import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { Client, type Json } from './harness/client.js';
import { ownPostern, type Postern, unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

/** What `npm run audit:verify` runs. */
const VERIFIER = fileURLToPath(new URL('../../gateway/dist/audit/verify/main.js', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-audit-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Key {
  id: string;
  secret: string;
  client: Client;
}

async function firstKey(postern: Postern): Promise<Key> {
  const { body } = await postern.root.post('/v1/organizations', { name: unique('Audited') });
  const secret = String(body['api_key']?.['secret']);
  return { id: String(body['api_key']?.['id']), secret, client: new Client(postern.local.gateway_url, secret) };
}

async function anotherKey(postern: Postern, { client }: Key, body: object = {}): Promise<Key> {
  const made = await client.post('/v1/api_keys', { name: unique('key'), mode: 'live', scopes: ['*'], ...body });
  const secret = String(made.body['secret']);
  return { id: String(made.body['id']), secret, client: new Client(postern.local.gateway_url, secret) };
}

async function entriesOf({ client }: Key): Promise<Json[]> {
  const { body } = await client.get('/v1/audit_log?limit=100');
  return [...(body['data'] as Json)];
}

interface Export {
  text: string;
  /** Of the header X-Audit-Head. */
  head: string;
}

async function exportOf(postern: Postern, { secret }: Key): Promise<Export> {
  const reply = await fetch(`${postern.local.gateway_url}/v1/audit_log/export`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return { text: await reply.text(), head: reply.headers.get('x-audit-head') ?? '' };
}

/** Runs the verifier as an operator would. */
async function verify(text: string, ...options: string[]): Promise<{ code: number; said: string }> {
  const file = join(directory, `${unique('log')}.jsonl`);
  await writeFile(file, text);
  return promisify(execFile)(process.execPath, [VERIFIER, file, ...options]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, said: error.stdout }),
  );
}

describe('the audit log', () => {
  const postern = sharedPostern();
  let admin: Key;
  let reviewer: Key;
  let inbox: Json;
  let log: Export;

  /** One of everything that is audited and that a tenant can make happen. */
  beforeAll(async () => {
    admin = await firstKey(postern);
    const { client } = admin;
    reviewer = await anotherKey(postern, admin, { scopes: ['approvals:*', 'messages:read'] });
    inbox = await postern.inbox(client, { security_level: 'full_lockdown' });
    await client.patch(`/v1/inboxes/${inbox['id']}`, { display_name: 'Secret name' });
    await client.post(`/v1/inboxes/${inbox['id']}/pause`);
    await client.post(`/v1/inboxes/${inbox['id']}/resume`);
    const strict = await postern.inbox(client, { on_flagged: 'reject' });
    const bad = await postern.send(strict, { subject: 'Secret', text: 'key AKIAQ3EGRIVEHC5NM2ZB' }, client);
    await postern.settled(bad, ['rejected'], client);
    for (const verb of ['approve', 'reject']) {
      const message = await postern.send(inbox, { subject: 'Secret subject' }, client);
      const held = await postern.settled(message, ['held'], client);
      const { body: approval } = await client.get(`/v1/approvals/${held['approval']?.['id']}`);
      const body = verb === 'approve' ? { content_hash: approval['content_hash'] } : { reason: 'Secret' };
      expect((await reviewer.client.post(`/v1/approvals/${approval['id']}/${verb}`, body)).status).toBe(200);
    }
    const made = await client.post('/v1/suppressions', { address: 'secret@example.org' });
    await client.delete(`/v1/suppressions/${made.body['id']}`);
    const url = 'http://127.0.0.1:9/hook?secret=1';
    const webhook = await client.post('/v1/webhooks', { url });
    await client.post(`/v1/webhooks/${webhook.body['id']}/rotate_secret`, { overlap_seconds: 0 });
    await client.patch(`/v1/webhooks/${webhook.body['id']}`, { description: 'Secret' });
    await client.delete(`/v1/webhooks/${webhook.body['id']}`);
    const short = await anotherKey(postern, admin);
    await client.delete(`/v1/api_keys/${short.id}`);
    await waitFor(async () => (await entriesOf(admin)).length >= 21, 'everything to be in the log');
    log = await exportOf(postern, admin);
  });

  it('has an entry for each, with who did it, and no content', async () => {
    const entries = await entriesOf(admin);
    const [own, other] = [admin.id, reviewer.id];
    const told = entries.map((entry) => `${entry['event_type']} ${entry['severity']} ${entry['actor']}`);
    expect(told.toSorted()).toEqual(
      [
        'organization.created info root',
        'api_key.created info root',
        ...Array.from({ length: 2 }, () => `api_key.created info ${own}`),
        `api_key.revoked warning ${own}`,
        ...Array.from({ length: 2 }, () => `inbox.created info ${own}`),
        `inbox.updated info ${own}`,
        `inbox.paused warning ${own}`,
        `inbox.resumed info ${own}`,
        'message.rejected critical system',
        ...Array.from({ length: 2 }, () => 'message.held warning system'),
        `approval.approved info ${other}`,
        `approval.rejected warning ${other}`,
        `suppression.added info ${own}`,
        `suppression.removed warning ${own}`,
        `webhook.created info ${own}`,
        `webhook.secret_rotated info ${own}`,
        `webhook.updated info ${own}`,
        `webhook.deleted info ${own}`,
      ].toSorted(),
    );
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 21 }, (_, index) => 21 - index));
    expect(log.text).not.toMatch(/secret[@=]|Secret|AKIA|pn_live_|whsec_/);
    const { body } = await admin.client.get(`/v1/audit_log?limit=100&inbox_id=${inbox['id']}`);
    const ofInbox = [...(body['data'] as Json)].map((entry) => String(entry['inbox_id']));
    expect(ofInbox).toEqual(Array.from({ length: 8 }, () => String(inbox['id'])));
  });

  it('is proven whole by the verifier, offline', async () => {
    const { code, said } = await verify(log.text, '--head', log.head);
    expect([code, said]).toEqual([0, expect.stringContaining('21 entries, sequence 1 to 21')]);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    [
      'one changed octet',
      (lines) => lines.with(6, String(lines[6]).replace('"severity":"info"', '"severity":"inf0"')),
      'line 7: ',
    ],
    ['a missing entry', (lines) => lines.toSpliced(9, 1), 'line 10: sequence 10 is missing'],
    [
      'two entries in another order',
      (lines) => [...lines.slice(0, 3), lines[4], lines[3], ...lines.slice(5)] as string[],
      'line 4: ',
    ],
    ['an entry twice', (lines) => lines.toSpliced(12, 0, String(lines[11])), 'line 13: sequence 12 stands here again'],
    ['an end that was cut off', (lines) => lines.slice(0, 20), 'ends at sequence 20'],
  ])('is found wrong with %s', async (_what, change, expected) => {
    const lines = log.text.trimEnd().split('\n');
    const { code, said } = await verify(`${change(lines).join('\n')}\n`, '--head', log.head);
    expect([code, said]).toEqual([1, expect.stringContaining(expected)]);
  });

  it('shows another organization, and the other mode, nothing of it', async () => {
    const stranger = await firstKey(postern);
    const tester = await anotherKey(postern, admin, { mode: 'test' });
    const ids = (await entriesOf(admin)).map((entry) => String(entry['id']));
    for (const key of [stranger, tester]) {
      const { text } = await exportOf(postern, key);
      const seen = text + JSON.stringify(await entriesOf(key));
      expect(ids.filter((id) => seen.includes(id))).toEqual([]);
    }
  });
});

it('loses and doubles nothing when gateways are killed while they write it', async () => {
  const { postern, stack, stop } = await ownPostern({ replicas: 2 });
  try {
    const admin = await firstKey(postern);
    const create = (index: number): Promise<string> =>
      waitFor(async () => {
        const body = { name: `k${index}`, mode: 'live', scopes: ['messages:read'] };
        const reply = await admin.client
          .post('/v1/api_keys', body, { idempotencyKey: `key-${index}` })
          .catch(() => null);
        return reply?.status === 201 && String(reply.body['id']);
      }, `key ${index} to be made`);
    const made: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const during = Promise.all(Array.from({ length: 15 }, (_, index) => create(round * 15 + index)));
      stack.kill('gateway', 'SIGKILL');
      made.push(...(await during));
      await stack.ready('gateway');
    }
    await waitFor(
      async () => (await entriesOf(admin))[0]?.['sequence'] === (32 as unknown as Json),
      'all to be chained',
    );
    const log = await exportOf(postern, admin);
    expect((await verify(log.text, '--head', log.head)).said).toContain('32 entries, sequence 1 to 32');
    const told = log.text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { data: { api_key_id?: string } }).data.api_key_id)
      .slice(2);
    expect(told.toSorted()).toEqual(made.toSorted());
  } finally {
    await stop();
  }
});
