import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { ABSENT, CONFLICT, INVALID, refused } from './row.js';
import type { Setting } from './setting.js';

export const inboxRows = (at: () => Setting): ConformanceRow[] => [
  works('inboxes.create', 'without a body: a random address', async () => {
    const made = await at().am.inboxes.create();
    expect(made.inboxId).toMatch(/^[a-z0-9._-]+@/);
    expect([made.email, made.createdAt]).toEqual([made.inboxId, expect.any(Date)]);
  }),
  works('inboxes.create', '`username`, `domain` and `display_name`; the id is the address', async () => {
    const username = unique('named');
    const domain = at().inbox.email.split('@')[1] ?? '';
    const made = await at().am.inboxes.create({ username, domain, displayName: 'Support' });
    expect([made.inboxId, made.displayName]).toEqual([`${username}@${domain}`, 'Support']);
  }),
  works('inboxes.create', '`client_id`: the same request again gives the same inbox, which shows it', async () => {
    const clientId = unique('client');
    const first = await at().am.inboxes.create({ clientId });
    const again = await at().am.inboxes.create({ clientId });
    expect([again.inboxId, again.clientId]).toEqual([first.inboxId, clientId]);
    expect((await at().am.inboxes.get(first.inboxId)).clientId).toBe(clientId);
  }),
  differs(
    'inboxes.create',
    '`client_id` again with other fields gives the first inbox',
    'A mistake is told: 409 `conflict`. A `client_id` is remembered for at least 24 hours.',
    async () => {
      const clientId = unique('client');
      await at().am.inboxes.create({ clientId });
      await refused(at().am.inboxes.create({ clientId, displayName: 'Other' }), CONFLICT);
    },
  ),
  works('inboxes.create', '`metadata` with texts', async () => {
    const made = await at().am.inboxes.create({ metadata: { team: 'sales' } });
    expect((await at().am.inboxes.get(made.inboxId)).metadata).toEqual({ team: 'sales' });
  }),
  notOffered('inboxes.create', '`metadata` with numbers and booleans', 'Values are text.', async () => {
    await refused(at().am.inboxes.create({ metadata: { size: 3 } }), INVALID, AgentMail.ValidationError);
  }),
  works('inboxes.create', 'a username that is taken: 403 `resource_taken`', async () => {
    const username = at().inbox.email.split('@')[0] ?? '';
    await refused(at().am.inboxes.create({ username }), [403, 'resource_taken']);
  }),
  differs('Inbox', '`pod_id`', 'There are no pods: it is the id of the organization.', async () => {
    expect((await at().am.inboxes.get(at().inbox.inboxId)).podId).toMatch(/^org_/);
  }),
  works('inboxes.get', 'an inbox by its address', async () => {
    expect(await at().am.inboxes.get(at().inbox.inboxId)).toEqual(at().inbox);
  }),
  works('inboxes.get', 'an unknown inbox, and one of another organization: NotFoundError', async () => {
    await refused(at().am.inboxes.get('nobody@example.com'), ABSENT, AgentMail.NotFoundError);
    await refused(at().stranger.inboxes.get(at().inbox.inboxId), ABSENT, AgentMail.NotFoundError);
  }),
  works('inboxes.list', '`limit`, `count`, `page_token` and `next_page_token`', async () => {
    await at().am.inboxes.create();
    const first = await at().am.inboxes.list({ limit: 1 });
    expect([first.count, first.limit, first.inboxes.length]).toEqual([1, 1, 1]);
    const next = await at().am.inboxes.list({ limit: 1, pageToken: first.nextPageToken ?? '' });
    expect(next.inboxes[0]?.inboxId).not.toBe(first.inboxes[0]?.inboxId);
  }),
  notOffered('inboxes.list', '`ascending`', 'Lists come newest first.', async () => {
    await refused(at().am.inboxes.list({ ascending: true }), INVALID);
  }),
  differs('inboxes.search', '`q`: the beginnings of words', 'Newest first, not the best first.', async () => {
    const username = unique('findable');
    const made = await at().am.inboxes.create({ username });
    const found = await at().am.inboxes.search({ q: username.slice(0, -2) });
    expect(found.inboxes.map(({ inboxId }) => inboxId)).toEqual([made.inboxId]);
  }),
  works('inboxes.update', '`display_name`', async () => {
    const { inboxId } = await at().am.inboxes.create();
    expect((await at().am.inboxes.update(inboxId, { displayName: 'New' })).displayName).toBe('New');
  }),
  works('inboxes.update', '`metadata` is merged, null takes one key or all away', async () => {
    const { inboxId } = await at().am.inboxes.create({ metadata: { a: '1', b: '2' }, clientId: unique('client') });
    const merged = await at().am.inboxes.update(inboxId, { metadata: { b: null, c: '3' } });
    expect(merged.metadata).toEqual({ a: '1', c: '3' });
    const cleared = await at().am.inboxes.update(inboxId, { metadata: null });
    expect([cleared.metadata, typeof cleared.clientId]).toEqual([undefined, 'string']);
  }),
  works('inboxes.update', 'nothing to change, or empty `metadata`: ValidationError', async () => {
    const { inboxId } = at().inbox;
    await refused(at().am.inboxes.update(inboxId, {}), INVALID, AgentMail.ValidationError);
    await refused(at().am.inboxes.update(inboxId, { metadata: {} }), INVALID, AgentMail.ValidationError);
  }),
  works('inboxes.delete', 'the inbox is gone', async () => {
    const { inboxId } = await at().am.inboxes.create();
    await at().am.inboxes.delete(inboxId);
    await refused(at().am.inboxes.get(inboxId), ABSENT, AgentMail.NotFoundError);
  }),
  notOffered('inboxes.authorize', 'a sign-in by AgentID', 'Keys are the only credentials.', async () => {
    const asked = at().am.inboxes.authorize(at().inbox.inboxId, { authToken: 'x' });
    await refused(asked, ABSENT, AgentMail.NotFoundError);
  }),
  notOffered('inboxes.events.list', 'changes of labels', 'The event log tells of mail, not of labels.', async () => {
    await refused(at().am.inboxes.events.list(at().inbox.inboxId), ABSENT, AgentMail.NotFoundError);
  }),
];
