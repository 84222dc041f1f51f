import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { tenantOf } from './contract/belongings.js';
import type { Json, Reply } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const outside = new Outside(postern);
const { agent } = postern;

const idsOf = ({ body }: Reply): string[] => [...body['data']].map((row: Json) => String(row['id']));

/** What happens first: the reply, or that it was seen to wait while something else was done. */
async function during<T>(reply: Promise<Reply>, work: () => Promise<T>): Promise<{ done: T; reply: Reply }> {
  let answered = false;
  const marked = reply.finally(() => {
    answered = true;
  });
  // Others are answered meanwhile, so this one is being held.
  await agent.get('/v1/inboxes?limit=1');
  expect(answered).toBe(false);
  const done = await work();
  return { done, reply: await marked };
}

describe('a list that waits', () => {
  it('is answered with mail that comes meanwhile', async () => {
    const inbox = await postern.inbox();
    const sent = await postern.settled(await postern.send(inbox), ['delivered']);
    const held = agent.get(`/v1/inboxes/${inbox['id']}/messages?wait=30&after=${sent['id']}`);
    const { done, reply } = await during(held, () => outside.writes(inbox, { subject: 'Answer' }));
    expect([reply.status, idsOf(reply)]).toEqual([200, [done['id']]]);
  });

  it('is answered at once when a newer message is there', async () => {
    const inbox = await postern.inbox();
    const [first, second, third] = [await postern.send(inbox), await postern.send(inbox), await postern.send(inbox)];
    const reply = await agent.get(`/v1/inboxes/${inbox['slug']}/messages?wait=30&after=${first['id']}`);
    expect(idsOf(reply)).toEqual([third['id'], second['id']]);
    const one = await agent.get(`/v1/inboxes/${inbox['slug']}/messages?wait=30&after=${first['id']}&limit=1`);
    expect([idsOf(one), one.body['has_more']]).toEqual([[third['id']], true]);
  });

  it('is empty when time is up', async () => {
    const inbox = await postern.inbox();
    const sent = await postern.settled(await postern.send(inbox), ['delivered']);
    const started = performance.now();
    const reply = await agent.get(`/v1/inboxes/${inbox['id']}/messages?wait=1&after=${sent['id']}`);
    expect(reply.body).toEqual({ data: [], has_more: false, next_cursor: null });
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
    const now = await agent.get(`/v1/inboxes/${inbox['id']}/messages?wait=0&after=${sent['id']}`);
    expect(now.body['data']).toHaveLength(0);
  });

  it('waits for the first message of an empty inbox, too', async () => {
    const inbox = await postern.inbox();
    const held = agent.get(`/v1/inboxes/${inbox['id']}/messages?wait=30`);
    const { done, reply } = await during(held, () => postern.send(inbox));
    expect(idsOf(reply)).toEqual([done['id']]);
  });

  it('heeds filters, and the inboxes of the key', async () => {
    const { admin, key } = await tenantOf(postern);
    const [mine, other] = [await postern.inbox(admin), await postern.inbox(admin)];
    const bound = await key({ inbox_ids: [mine['id']] });
    const held = bound.get('/v1/messages?wait=30&direction=inbound&subject=wanted');
    const { done, reply } = await during(held, async () => {
      await postern.send(mine, { subject: 'wanted' }, admin);
      await outside.writes(other, { subject: 'wanted' }, admin);
      await outside.writes(mine, { subject: 'another' }, admin);
      return outside.writes(mine, { subject: 'wanted' }, admin);
    });
    expect(idsOf(reply)).toEqual([done['id']]);
  });

  it('misses nothing of a stream of mail, call after call', async () => {
    const inbox = await postern.inbox();
    const first = await postern.send(inbox);
    const total = 20;
    const seen: string[] = [];
    const follow = async (): Promise<void> => {
      for (let after = String(first['id']); seen.length < total;) {
        const reply = await agent.get(`/v1/inboxes/${inbox['id']}/messages?wait=30&after=${after}&limit=100`);
        seen.push(...idsOf(reply).toReversed());
        after = seen.at(-1) ?? after;
      }
    };
    const sending = async (): Promise<string[]> => {
      const sent: string[] = [];
      for (let round = 0; round < total; round += 1) sent.push(String((await postern.send(inbox))['id']));
      return sent;
    };
    const [sent] = await Promise.all([sending(), follow()]);
    expect(seen).toEqual(sent);
  });

  it('ends when its key is revoked, and when nobody wants it any more', async () => {
    const { admin, key } = await tenantOf(postern);
    await key();
    const made = await admin.post('/v1/api_keys', { name: 'short', mode: 'live', scopes: ['messages:read'] });
    const authorization = `Bearer ${made.body['secret']}`;
    const url = `${postern.local.gateway_url}/v1/messages?wait=30`;
    const given = new AbortController();
    const abandoned = fetch(url, { headers: { authorization }, signal: given.signal });
    const held = fetch(url, { headers: { authorization } });
    given.abort();
    await expect(abandoned).rejects.toThrow();
    await waitFor(async () => (await admin.delete(`/v1/api_keys/${made.body['id']}`)).status === 204, 'the key to go');
    expect((await held).status).toBe(401);
  });

  it('is 404 for an inbox that is not there', async () => {
    expect((await agent.get('/v1/inboxes/nowhere-at-all/messages?wait=30')).status).toBe(404);
  });
});
