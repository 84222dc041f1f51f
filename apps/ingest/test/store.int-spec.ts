import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId, type InboxId, type MailId, type OrganizationId } from '@postern/contracts';
import type { Database } from '@postern/platform';
import { testDatabase } from '@postern/testing';
import { findInboxAddress, putInboxAddresses, type InboxAddressRow } from '../src/store/inbox-address.store.js';
import { insertMails, type MailRow } from '../src/store/mail.store.js';
import { migrations } from '../src/store/migrations/index.js';
import { insertNotifications } from '../src/store/notification.store.js';
import { forgetOld } from '../src/store/retention.store.js';

const OURS: OrganizationId = newId('org');
const OTHER: OrganizationId = newId('org');
const INBOX: InboxId = newId('inb');
const DAY_MS = 24 * 3600 * 1000;

let database: Database;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ database, stop } = await testDatabase({ schema: 'ingest', migrations, poolSize: 4 }));
});

afterAll(() => stop());

beforeEach(async () => {
  await database.query('TRUNCATE mails, mail_contents, mail_digests, sns_notifications, inbox_addresses');
});

const mail = (more: Partial<MailRow> = {}): MailRow => ({
  organizationId: OURS,
  mode: 'live',
  id: newId('mail'),
  inboxId: INBOX,
  rawSha256: 'a'.repeat(64),
  sizeBytes: 1,
  contents: ['a'.repeat(64)],
  mailFrom: '',
  recipient: 'us@postern.test',
  via: 'smtp',
  receivedAt: new Date(),
  ...more,
});

const insert = (...rows: MailRow[]): Promise<Set<string>> => database.transaction((tx) => insertMails(tx, rows));

test('the same octets are one mail for an inbox of a tenant and mode, and another one elsewhere', async () => {
  const [first, repeat] = [mail(), mail()];
  const elsewhere = [
    mail({ mode: 'test' }),
    mail({ organizationId: OTHER }),
    mail({ inboxId: newId('inb') }),
    mail({ rawSha256: 'b'.repeat(64) }),
  ];
  const fresh = await insert(first, repeat, ...elsewhere);
  expect([...fresh].toSorted()).toEqual([first, ...elsewhere].map(({ id }) => id).toSorted());
  expect(await insert(mail(), mail({ mode: 'test' }))).toEqual(new Set());
});

test('after 7 days the same octets are a new mail, whether the digest was forgotten or not', async () => {
  const old = mail({ receivedAt: new Date(Date.now() - 7 * DAY_MS) });
  await insert(old);
  const again = mail();
  expect(await insert(again)).toEqual(new Set([again.id]));
  const mails = await database.query<{ id: MailId }>('SELECT id FROM mails ORDER BY id');
  expect(mails.map(({ id }) => id)).toEqual([old.id, again.id].toSorted());
});

test('a request sees the mails of its own tenant and mode', async () => {
  const ours = mail();
  await insert(ours, mail({ mode: 'test' }), mail({ organizationId: OTHER }));
  const seen = await database.asTenant({ organizationId: OURS, mode: 'live' }, (tx) =>
    tx.query<{ id: MailId }>('SELECT id FROM mails'),
  );
  expect(seen).toEqual([{ id: ours.id }]);
});

test('notifications are forgotten after 4 days, digests after 7, mails not', async () => {
  const notification = (messageId: string, ageDays: number) => ({
    organizationId: OURS,
    mode: 'live' as const,
    messageId,
    topicArn: 'arn',
    outcome: 'ignored' as const,
    record: '{}',
    aboutMessageId: null,
    receivedAt: new Date(Date.now() - ageDays * DAY_MS),
  });
  await database.transaction((tx) => insertNotifications(tx, [notification('old', 4.1), notification('new', 3.9)]));
  await insert(
    mail({ receivedAt: new Date(Date.now() - 7.1 * DAY_MS) }),
    mail({ receivedAt: new Date(Date.now() - 6.9 * DAY_MS), rawSha256: 'b'.repeat(64) }),
  );
  expect(await forgetOld(database)).toBe(false);
  expect(await database.query('SELECT message_id FROM sns_notifications')).toEqual([{ message_id: 'new' }]);
  expect(await database.query('SELECT raw_sha256 FROM mail_digests')).toEqual([{ raw_sha256: 'b'.repeat(64) }]);
  expect(await database.query('SELECT 1 FROM mails')).toHaveLength(2);
});

test('an address follows the newest version of the newest inbox, in whatever order it is told', async () => {
  const [older, newer] = [newId('inb'), newId('inb')].toSorted() as [InboxId, InboxId];
  const address = 'us@postern.test';
  const row = (inboxId: InboxId, version: number, deleted = false): InboxAddressRow => ({
    organizationId: inboxId === older ? OURS : OTHER,
    mode: 'live',
    address,
    inboxId,
    securityLevel: version === 2 ? 'receive_only' : 'guarded_send',
    version,
    deleted,
  });
  const told = [row(newer, 1), row(older, 1), row(older, 3, true), row(newer, 2), row(newer, 1)];
  for (const one of told) await database.transaction((tx) => putInboxAddresses(tx, [one]));
  expect(await findInboxAddress(database, address)).toEqual(row(newer, 2));
  await database.query('TRUNCATE inbox_addresses');
  await database.transaction((tx) => putInboxAddresses(tx, told));
  expect(await findInboxAddress(database, address)).toEqual(row(newer, 2));
  expect(await findInboxAddress(database, 'them@postern.test')).toBeNull();
});
