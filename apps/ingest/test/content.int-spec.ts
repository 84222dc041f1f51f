import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InboundMail, ListContentInUse, MailReceivedV1, type Fact } from '@postern/contracts';
import { CONTENT_STORE, load, sha256, type ContentStore } from '@postern/eventing';
import { callerOf, waitFor } from '@postern/testing';
import { forgetOld } from '../src/store/retention.store.js';
import { startIngest, type Ingest } from './ingest.harness.js';

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
});
afterAll(() => ingest?.stop());

const factFor = (inboxId: string): Promise<Fact<typeof MailReceivedV1>> =>
  waitFor(async () => {
    const facts = await ingest.sut.bus.factsOf(MailReceivedV1);
    return facts.find((fact) => fact.data.inboxId === inboxId);
  }, 'the fact of the mail');

const inUse = async (organizationId: string, sha256s: string[]): Promise<Set<string>> => {
  const context = callerOf({ organizationId: organizationId as ReturnType<typeof callerOf>['organizationId'] });
  return new Set((await ingest.sut.ask(ListContentInUse, context, { sha256s })).inUse);
};

test('what a mail on its way names is in use: its octets, what was read of them, and its attachments', async () => {
  const inbox = await ingest.newInbox();
  const file = randomBytes(1_000);
  await ingest.mailer.sendMail({
    from: 'ann@example.com',
    to: inbox.address,
    // Over the 32 KiB that travel inside a fact.
    text: 'long '.repeat(20_000),
    attachments: [{ filename: 'a.pdf', content: Buffer.concat([Buffer.from('%PDF-1.7\n'), file]) }],
  });
  const { organizationId, data } = await factFor(inbox.inboxId);
  const store = ingest.sut.app.get<ContentStore>(CONTENT_STORE);
  const parsed = InboundMail.parse(JSON.parse((await load(store, organizationId, data.parsed)).toString('utf8')));
  expect(parsed.attachments[0]?.detectedContentType).toBe('application/pdf');
  const named = [data.raw.sha256, data.parsed.sha256, String(parsed.attachments[0]?.content.sha256)];
  for (const hash of named) expect(await store.get(organizationId, hash)).not.toBeNull();

  expect(await inUse(organizationId, [...named, sha256('something else')])).toEqual(new Set(named));
  expect(await inUse(callerOf().organizationId, named)).toEqual(new Set());

  const age = (days: number) =>
    ingest.sut.database.query(`UPDATE mail_contents SET received_at = now() - make_interval(days => $1)`, [days]);
  await age(14);
  await forgetOld(ingest.sut.database);
  expect(await inUse(organizationId, named)).toEqual(new Set(named));
  await age(16);
  await forgetOld(ingest.sut.database);
  expect(await inUse(organizationId, named)).toEqual(new Set());
});

test('a mail that is deleted names nothing', async () => {
  const inbox = await ingest.newInbox();
  await ingest.mailer.sendMail({ from: 'ann@example.com', to: inbox.address, text: 'short' });
  const { organizationId, data } = await factFor(inbox.inboxId);
  expect(await inUse(organizationId, [data.raw.sha256])).toEqual(new Set([data.raw.sha256]));
  await ingest.sut.database.query('DELETE FROM mails WHERE id = $1', [data.mailId]);
  expect(await inUse(organizationId, [data.raw.sha256])).toEqual(new Set());
});
