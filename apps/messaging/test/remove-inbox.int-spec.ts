import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CreateInbox,
  DeleteInbox,
  GetInbox,
  GetMessage,
  GetThread,
  InboxChangedV1,
  ListInboxes,
  ListMessages,
  ListThreads,
  MessageDeletedV1,
  MessageReceivedV1,
  newId,
  PauseInbox,
  ResolveAddress,
  sameIdAs,
  ScanInboundCompletedV1,
  UpdateInbox,
  type CommandContext,
  type Inbox,
} from '@postern/contracts';
import { sha256 } from '@postern/eventing';
import { callerOf, inLockOrder, waitFor } from '@postern/testing';
import { CLEAN } from './harness.js';
import { RemovalWorld } from './removal.world.js';

const NOT_FOUND = { code: 'not_found', httpStatus: 404 };
const TAKEN = { code: 'address_taken', httpStatus: 409 };

let world: RemovalWorld;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  world = await RemovalWorld.start();
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.door.answer = async () => true;
  caller = callerOf();
  inbox = await world.inbox(caller);
});

const remove = (reference: string = inbox.id, by = caller) => world.sut.ask(DeleteInbox, by, { inbox: reference });
/** What was told of the inbox's messages, when it is at least this much: the relay is a moment behind the commit. */
const deletionsIn = ({ id }: Inbox, count: number) =>
  waitFor(async () => {
    const facts = (await world.sut.bus.factsOf(MessageDeletedV1)).filter(({ data }) => data.inboxId === id);
    return facts.length >= count && facts;
  }, `${count} deletions`);
const changesOf = ({ id }: Inbox, count: number) =>
  waitFor(async () => {
    const facts = (await world.sut.bus.factsOf(InboxChangedV1)).filter(({ data }) => data.inbox.id === id);
    return facts.length >= count && facts;
  }, `${count} changes`);
const countOf = async (table: string, column: string) => {
  const [row] = await world.sut.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`,
    [inbox.id],
  );
  return row?.n ?? 0;
};
const over = () => waitFor(async () => (await countOf('inboxes', 'id')) === 0, 'the removal to end');

/** Sends `count` messages, many at once. */
async function fill(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 100) {
    const some = Array.from({ length: Math.min(100, count - at) }, () => world.send(caller, inbox));
    ids.push(...(await Promise.all(some)).map(({ id }) => id));
  }
  return ids;
}

/** Mail for the inbox, scanned. @returns the id of the message that it would become. */
async function mailArrives(): Promise<string> {
  const raw = Buffer.from('Subject: late\r\n\r\nlate');
  const address = { address: 'ann@example.com', name: null };
  const parsed = Buffer.from(
    JSON.stringify({
      messageIdHeader: null,
      inReplyTo: [],
      references: [],
      from: address,
      to: [address],
      cc: [],
      replyTo: [],
      subject: 'late',
      text: 'late',
      html: null,
      date: null,
      attachments: [],
      authentication: null,
      parseError: null,
    }),
  );
  const contentOf = (bytes: Buffer) => ({
    sha256: sha256(bytes),
    sizeBytes: bytes.byteLength,
    inline: bytes.toString('base64'),
  });
  const received = {
    mailId: newId('mail'),
    inboxId: inbox.id,
    recipient: inbox.address,
    mailFrom: 'ann@example.com',
    via: 'smtp' as const,
    receivedAt: new Date().toISOString(),
    raw: contentOf(raw),
    parsed: contentOf(parsed),
  };
  await world.sut.bus.publish(ScanInboundCompletedV1, {
    organizationId: caller.organizationId,
    mode: caller.mode,
    data: { received, security: CLEAN, securityStatus: 'clean' },
  });
  return sameIdAs('msg', received.mailId);
}

describe('deleting an inbox', () => {
  it('makes it and all it holds invisible at once, however long the rest takes', async () => {
    const message = await world.send(caller, inbox, { subject: 'Needle' });
    const search = async () =>
      (
        await world.sut.ask(ListMessages, caller, {
          inbox: null,
          query: { limit: 25, q: 'needle' },
          readWithheld: true,
        })
      ).data;
    await waitFor(async () => (await search()).length === 1, 'the message to be searched');
    // As long as delivery does not answer, nothing is removed.
    let letGo = (): void => undefined;
    world.door.answer = () => new Promise((resolve) => (letGo = () => resolve(true)));
    await remove(inbox.slug);
    await waitFor(() => world.door.asked.includes(message.id), 'the removal to begin');
    expect(await countOf('messages', 'inbox_id')).toBe(1);
    for (const reference of [inbox.id, inbox.slug, inbox.address]) {
      await expect(world.sut.ask(GetInbox, caller, { inbox: reference })).rejects.toMatchObject(NOT_FOUND);
      await expect(world.listed(caller, reference)).rejects.toMatchObject(NOT_FOUND);
      await expect(remove(reference)).rejects.toMatchObject(NOT_FOUND);
    }
    await expect(world.sut.ask(PauseInbox, caller, { inbox: inbox.id })).rejects.toMatchObject(NOT_FOUND);
    await expect(world.sut.ask(UpdateInbox, caller, { inbox: inbox.id, body: {} })).rejects.toMatchObject(NOT_FOUND);
    await expect(world.send(caller, inbox)).rejects.toMatchObject(NOT_FOUND);
    await expect(world.sut.ask(ListThreads, caller, { inbox: inbox.id, query: { limit: 25 } })).rejects.toMatchObject(
      NOT_FOUND,
    );
    await expect(world.sut.ask(GetMessage, caller, { id: message.id, readWithheld: true })).rejects.toMatchObject(
      NOT_FOUND,
    );
    await expect(world.sut.ask(GetThread, caller, { id: message.thread_id })).rejects.toMatchObject(NOT_FOUND);
    expect((await world.sut.ask(ListInboxes, caller, { limit: 25 })).data).toEqual([]);
    expect(await world.listed(caller)).toEqual([]);
    expect(await search()).toEqual([]);
    expect(await world.sut.ask(ResolveAddress, caller, { address: inbox.address })).toEqual({ owner: null });
    letGo();
    world.door.answer = async () => true;
    await over();
  });

  it('leaves nothing but tombstones, the retired address and what is on its way to others', async () => {
    const ids = await fill(3);
    await remove();
    await over();
    for (const trace of [inbox.id, ...ids]) {
      expect(['outbox', 'tombstones']).toEqual(expect.arrayContaining(Object.keys(await world.traces(trace))));
    }
    expect(Object.keys(await world.traces(inbox.slug)).toSorted()).toEqual(['outbox', 'retired_addresses']);
    const changes = await changesOf(inbox, 2);
    expect(changes.map(({ data }) => [data.change, data.version, data.actor])).toEqual([
      ['created', 1, caller.keyId],
      ['deleted', 2, caller.keyId],
    ]);
    const deletions = await deletionsIn(inbox, 3);
    expect(deletions.map(({ data }) => data.messageId).toSorted()).toEqual(ids.toSorted());
    expect(deletions.every(({ data }) => data.cause === 'inbox' && data.threadDeleted)).toBe(true);
  });

  it('is 404 for another organization, the other mode and a key of another inbox', async () => {
    const other = await world.inbox(caller);
    for (const stranger of [callerOf(), { ...caller, mode: 'test' as const }, { ...caller, inboxIds: [other.id] }]) {
      await expect(remove(inbox.id, stranger)).rejects.toMatchObject(NOT_FOUND);
    }
    await world.sut.ask(GetInbox, caller, { inbox: inbox.id });
  });

  it('of several at once happens once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => remove()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await over();
    expect((await changesOf(inbox, 2)).filter(({ data }) => data.change === 'deleted')).toHaveLength(1);
  });

  it('keeps its address and slug from everybody for 30 days', async () => {
    await remove();
    await over();
    const again = (by: CommandContext) => world.sut.ask(CreateInbox, by, { slug: inbox.slug });
    for (const taker of [caller, { ...caller, mode: 'test' as const }, callerOf()]) {
      await expect(again(taker)).rejects.toMatchObject(TAKEN);
    }
    const age = (days: number) =>
      world.sut.database.query(`UPDATE retired_addresses SET until = until - $2 * interval '1 day' WHERE slug = $1`, [
        inbox.slug,
        days,
      ]);
    await age(29.9);
    await expect(again(caller)).rejects.toMatchObject(TAKEN);
    await age(0.2);
    expect(await again(callerOf())).toMatchObject({ slug: inbox.slug, address: inbox.address });
  });

  it('goes on where it was when its process ends between two steps, and tells each message once', async () => {
    const ids = await fill(510);
    const last = ids.toSorted().at(-1) ?? '';
    // The second step waits for an answer that never comes: one commit is done, the next one is not.
    let isStuck = false;
    world.door.answer = (id) => {
      if (id !== last) return Promise.resolve(true);
      isStuck = true;
      return new Promise(() => undefined);
    };
    await remove();
    await waitFor(() => isStuck, 'the second step');
    expect(await countOf('messages', 'inbox_id')).toBe(10);
    await world.restart();
    world.door.answer = async () => true;
    await over();
    const told = (await deletionsIn(inbox, ids.length)).map(({ data }) => data.messageId).toSorted();
    expect(told).toEqual(ids.toSorted());
  });

  it('waits for delivery when it is away, and then goes on', async () => {
    const message = await world.send(caller, inbox);
    world.door.answer = async () => {
      throw new Error('away');
    };
    await remove();
    await waitFor(() => world.door.asked.filter((id) => id === message.id).length > 1, 'a second try');
    expect(await countOf('messages', 'inbox_id')).toBe(1);
    world.door.answer = async () => true;
    await over();
  });

  it('takes along what SES may have by now', async () => {
    const message = await world.send(caller, inbox);
    world.door.answer = async () => false;
    await remove();
    await over();
    expect((await deletionsIn(inbox, 1)).map(({ data }) => [data.messageId, data.version])).toEqual([[message.id, 2]]);
  });

  it('does not lose or keep a message that is accepted at the same moment', async () => {
    const sends = Promise.allSettled(Array.from({ length: 60 }, () => world.send(caller, inbox)));
    await remove();
    const accepted = (await sends).flatMap((one) => (one.status === 'fulfilled' ? [one.value.id as string] : []));
    const refused = (await sends).flatMap((one) => (one.status === 'rejected' ? [one.reason as { code: string }] : []));
    expect(new Set(refused.map(({ code }) => code)).size).toBeLessThanOrEqual(1);
    for (const { code } of refused) expect(code).toBe('not_found');
    await over();
    const told = (await deletionsIn(inbox, accepted.length)).map(({ data }) => data.messageId as string);
    expect(told.toSorted()).toEqual(accepted.toSorted());
  });

  it('locks in the order in which others do who still put something in', async () => {
    const tenant = `'${caller.organizationId}', '${caller.mode}'`;
    const rows: Record<string, string> = {
      drafts: `(organization_id, mode, id, inbox_id, fields, version, created_at, updated_at)
        VALUES (${tenant}, '${newId('drf')}', '${inbox.id}', '{}', 1, now(), now())`,
      daily_sends: `(organization_id, mode, subject, day, sends) VALUES (${tenant}, '${inbox.id}', now(), 0)`,
      inbox_counters: `(organization_id, mode, inbox_id, day) VALUES (${tenant}, '${inbox.id}', now())`,
      threads: `(organization_id, mode, id, inbox_id, participants, message_count, created_at)
        VALUES (${tenant}, '${newId('thr')}', '${inbox.id}', '[]', 0, now())`,
    };
    for (const [table, row] of Object.entries(rows)) await world.sut.database.query(`INSERT INTO ${table} ${row}`);
    const has = `SELECT 1 FROM messaging.inboxes WHERE id = '${inbox.id}' FOR KEY SHARE`;
    const lock = (table: string, column = 'inbox_id'): string =>
      `SELECT 1 FROM messaging.${table} WHERE ${column} = '${inbox.id}' FOR UPDATE`;
    await inLockOrder(world.infra.adminUrl, {
      first: lock('drafts'),
      later: [lock('threads'), lock('daily_sends', 'subject'), has, lock('inbox_counters')],
      work: () => remove(),
    });
    await over();
  });

  it('turns away mail that was on its way, and lets everybody forget it', async () => {
    await remove();
    await over();
    const messageId = await mailArrives();
    const [fact] = await deletionsIn(inbox, 1);
    expect(fact?.data).toMatchObject({ messageId, direction: 'inbound', cause: 'inbox', threadDeleted: true });
    expect(
      (await world.sut.bus.factsOf(MessageReceivedV1)).filter(({ data }) => data.message.id === messageId),
    ).toEqual([]);
    expect(Object.keys(await world.traces(messageId)).toSorted()).toEqual(['outbox', 'tombstones']);
  });
});
