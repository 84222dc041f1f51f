import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { entriesOf, type Export, exportOf, firstKey, type Key, verify } from './harness/audit-log.js';
import { Client, type Json } from './harness/client.js';
import { type Postern, unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

async function anotherKey(postern: Postern, { client }: Key, body: object = {}): Promise<Key> {
  const made = await client.post('/v1/api_keys', { name: unique('key'), mode: 'live', scopes: ['*'], ...body });
  const secret = String(made.body['secret']);
  return { id: String(made.body['id']), secret, client: new Client(postern.local.gateway_url, secret) };
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
      (lines) => lines.with(6, String(lines[6]).replace('"created_at":"2', '"created_at":"3')),
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
