import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CreateInbox,
  newId,
  RecordUpload,
  SendMessage,
  type AttachmentInput,
  type CommandContext,
  type Inbox,
  type Message,
} from '@postern/contracts';
import { CONTENT_STORE, FactsUnderWay, keep, type ContentStore } from '@postern/eventing';
import { callerOf, startInfra, startService, waitFor, type Infra, type ServiceUnderTest } from '@postern/testing';
import { CollectContent } from '../src/collect/collect-content.js';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';
import { playIngest, type Player } from './ingest.player.js';

const DAY_MS = 24 * 3600 * 1000;
/** Over the 32 KiB that travel inside facts and rows. */
const LARGE = 40 * 1024;

let infra: Infra;
let sut: ServiceUnderTest;
let ingest: Player;
let store: ContentStore;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  infra = await startInfra();
  ingest = await playIngest(infra.natsUrl);
  sut = await startService({ infra, service: messagingService, schema: 'messaging', migrations });
  store = sut.app.get<ContentStore>(CONTENT_STORE);
});
afterAll(async () => {
  await sut?.stop();
  await ingest?.stop();
  await infra?.stop();
});
beforeEach(async () => {
  caller = callerOf();
  inbox = await sut.ask(CreateInbox, caller, {});
  ingest.mails.named.clear();
  ingest.mails.whenAsked = () => Promise.resolve();
});

/** Lets the lease of some content end. */
async function age(hash: string): Promise<void> {
  const root = fileURLToPath(infra.contentStoreUrl);
  const time = new Date(Date.now() - 2 * DAY_MS);
  await utimes(join(root, caller.organizationId, hash.slice(0, 2), hash), time, time);
}

/** Content that nobody renewed for two days. */
async function aged(bytes: Buffer = randomBytes(LARGE)): Promise<{ hash: string; bytes: Buffer }> {
  const { sha256: hash } = await keep(store, caller.organizationId, bytes);
  await age(hash);
  return { hash, bytes };
}

/** One round; no fact of this test's own is under way any more. */
async function collect(now = new Date()): Promise<void> {
  await waitFor(async () => (await sut.app.get(FactsUnderWay).oldest()) === null, 'every fact to be handled');
  await sut.app.get(CollectContent).run(now);
}

const isThere = async (hash: string): Promise<boolean> => (await store.get(caller.organizationId, hash)) !== null;

const upload = async (hash: string): Promise<string> => {
  const file = { sha256: hash, size: LARGE, filename: 'a', contentType: 'a/b', detectedContentType: null };
  return (await sut.ask(RecordUpload, caller, { id: newId('att'), ...file })).id;
};

const send = (attachments: AttachmentInput[]): Promise<Message> =>
  sut.ask(SendMessage, caller, {
    inbox: inbox.id,
    messageId: newId('msg'),
    body: { to: [{ address: 'ann@example.com', name: null }], text: 'Hi', attachments },
    inDoubt: 'resend',
  });

describe('content is collected', () => {
  it('when nothing names it and its lease has ended', async () => {
    const old = await aged();
    const { sha256: young } = await keep(store, caller.organizationId, randomBytes(LARGE));
    await collect();
    expect([await isThere(old.hash), await isThere(young)]).toEqual([false, true]);
  });

  it('with the last message that has it, and not before', async () => {
    const { hash, bytes } = await aged();
    const given = { filename: 'a', content: bytes.toString('base64') };
    const messages = [await send([given]), await send([given])];
    const [raw] = await sut.database.query<{ hash: string }>('SELECT raw_sha256 AS hash FROM messages WHERE id = $1', [
      messages[0]?.id,
    ]);
    for (const one of [hash, raw?.hash ?? '']) await age(one);
    await collect();
    expect([await isThere(hash), await isThere(raw?.hash ?? '')]).toEqual([true, true]);
    await sut.database.query('DELETE FROM messages WHERE id = $1', [messages[0]?.id]);
    await collect();
    expect([await isThere(hash), await isThere(raw?.hash ?? '')]).toEqual([true, false]);
    await sut.database.query('DELETE FROM messages WHERE id = $1', [messages[1]?.id]);
    await collect();
    expect(await isThere(hash)).toBe(false);
  });

  it('when its upload has expired, unless a message took it along', async () => {
    const [unused, used] = [await aged(), await aged()];
    await upload(unused.hash);
    await send([{ id: (await upload(used.hash)) as NonNullable<AttachmentInput['id']> }]);
    for (const { hash } of [unused, used]) await age(hash);
    await collect();
    expect([await isThere(unused.hash), await isThere(used.hash)]).toEqual([true, true]);
    await collect(new Date(Date.now() + 31 * DAY_MS));
    expect([await isThere(unused.hash), await isThere(used.hash)]).toEqual([false, true]);
  });
});

describe('content is kept', () => {
  it('that ingest names, and all of it while ingest cannot be asked', async () => {
    const [named, unnamed] = [await aged(), await aged()];
    ingest.mails.named.add(named.hash);
    ingest.mails.whenAsked = () => Promise.reject(new Error('away'));
    await expect(collect()).rejects.toThrow();
    expect(await isThere(unnamed.hash)).toBe(true);
    ingest.mails.whenAsked = () => Promise.resolve();
    await collect();
    expect([await isThere(named.hash), await isThere(unnamed.hash)]).toEqual([true, false]);
  });

  it('that somebody stores again, or renews, while it is being judged', async () => {
    const [stored, renewed, neither] = [await aged(), await aged(), await aged()];
    ingest.mails.whenAsked = async () => {
      await store.put(caller.organizationId, stored.hash, stored.bytes);
      await store.renew(caller.organizationId, renewed.hash);
    };
    await collect();
    const there = [stored, renewed, neither].map(({ hash }) => isThere(hash));
    expect(await Promise.all(there)).toEqual([true, true, false]);
  });

  it('that a fact of the message names, until the fact cannot come again', async () => {
    const { hash } = await aged();
    const message = await send([]);
    await sut.database.query(
      `INSERT INTO content_holds (organization_id, mode, message_id, sha256, created_at) VALUES ($1, $2, $3, $4, now())`,
      [caller.organizationId, caller.mode, message.id, hash],
    );
    await collect();
    expect(await isThere(hash)).toBe(true);
    await collect(new Date(Date.now() + 16 * DAY_MS));
    expect(await isThere(hash)).toBe(false);
  });
});
