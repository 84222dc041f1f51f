import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MailReceivedV1 } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import pg from 'pg';
import { EVENTS_TOPIC, startIngest, type Ingest } from './ingest.harness.js';
import { SmtpClient } from './smtp.client.js';
import { listenAsSubscriber, type Subscriber } from './subscriber.js';

const MAIL = 'From: ann@example.com\r\nSubject: Hello\r\n\r\nHi\r\n.';

let ingest: Ingest;
let wire: Subscriber;

beforeAll(async () => {
  ingest = await startIngest({ ownPostgres: true });
  wire = await listenAsSubscriber(ingest.sandbox.url, [EVENTS_TOPIC]);
});

afterAll(async () => {
  await wire?.stop();
  await ingest?.stop();
});

async function openMessage(address: string): Promise<SmtpClient> {
  const client = await SmtpClient.open(ingest.smtpPort);
  await client.say('MAIL FROM:<ann@example.com>');
  expect(await client.say(`RCPT TO:<${address}>`)).toMatch(/^250/);
  expect(await client.say('DATA')).toMatch(/^354/);
  return client;
}

/** Keeps the table locked until it is told to let go. */
async function holdTable(table: string): Promise<() => Promise<void>> {
  const admin = new pg.Client({ connectionString: ingest.infra.adminUrl });
  await admin.connect();
  await admin.query(`BEGIN; LOCK TABLE ingest.${table} IN ACCESS EXCLUSIVE MODE`);
  return () => admin.end();
}

const waiting = async (): Promise<boolean> =>
  (await ingest.sut.database.query(`SELECT 1 FROM pg_locks WHERE NOT granted`)).length > 0;

const post = (body: string): Promise<Response> =>
  fetch(`${ingest.url}/sns`, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });

describe('nothing is answered before it is committed', () => {
  test('a mail', async () => {
    const inbox = await ingest.newInbox();
    const client = await openMessage(inbox.address);
    const letGo = await holdTable('mail_digests');
    let answered = false;
    const reply = client.say(MAIL).then((text) => {
      answered = true;
      return text;
    });
    await waitFor(waiting, 'the commit to wait for the lock');
    expect(answered).toBe(false);
    await letGo();
    expect(await reply).toMatch(/^250 2\.0\.0 /);
    client.close();
  });

  test('a notification', async () => {
    const release = await holdTable('sns_notifications');
    await ingest.publish(EVENTS_TOPIC, { hello: 'committed' });
    const body = await wire.bodyWith('committed');
    let answered = false;
    const reply = post(body).then((response) => {
      answered = true;
      return response;
    });
    await waitFor(waiting, 'the commit to wait for the lock');
    expect(answered).toBe(false);
    await release();
    expect((await reply).status).toBe(200);
  });
});

describe('when messaging is away', () => {
  test('an unknown recipient is told to come later, a known one is taken', async () => {
    const inbox = await ingest.newInbox();
    await ingest.messaging.stop();
    const client = await SmtpClient.open(ingest.smtpPort);
    await client.say('MAIL FROM:<ann@example.com>');
    expect(await client.say('RCPT TO:<unknown@postern.test>')).toMatch(/^451 4\.4\.3 /);
    expect(await client.say(`RCPT TO:<${inbox.address}>`)).toMatch(/^250/);
    client.close();
  });
});

describe('when the database is away', () => {
  test('mail and notifications are told to come later, and nothing of them is told to anyone', async () => {
    const inbox = await ingest.newInbox();
    const client = await openMessage(inbox.address);
    await ingest.publish(EVENTS_TOPIC, { hello: 'from the outage' });
    const body = await wire.bodyWith('from the outage');
    await ingest.infra.postgres?.stop();

    expect(await client.say(MAIL)).toMatch(/^451 4\.3\.0 /);
    expect(await client.say('MAIL FROM:<ann@example.com>')).toMatch(/^250/);
    expect(await client.say(`RCPT TO:<${inbox.address}>`)).toMatch(/^451 4\.4\.3 /);
    client.close();
    const reply = await post(body);
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ error: { code: 'unavailable' } });
    const mails = await ingest.sut.bus.factsOf(MailReceivedV1);
    expect(mails.some(({ data }) => data.inboxId === inbox.inboxId)).toBe(false);
  });
});
