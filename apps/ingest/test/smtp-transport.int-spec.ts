import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MailReceivedV1, newId, type Fact } from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { startIngest, type Ingest } from './ingest.harness.js';
import { SmtpClient } from './smtp.client.js';

const FROM = 'MAIL FROM:<ann@example.com>';

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
});

afterAll(async () => {
  await ingest?.stop();
});

const mailOf = (inboxId: string): Promise<Fact<typeof MailReceivedV1>> =>
  waitFor(
    async () => (await ingest.sut.bus.factsOf(MailReceivedV1)).find(({ data }) => data.inboxId === inboxId),
    'the mail',
  );

const rawOf = async ({ organizationId, data }: Fact<typeof MailReceivedV1>): Promise<string> =>
  (await load(ingest.sut.app.get<ContentStore>(CONTENT_STORE), organizationId, data.raw)).toString();

test('EHLO offers what the server keeps to, and nothing else', async () => {
  const client = await SmtpClient.open(ingest.smtpPort);
  const offered = await client.say('EHLO test');
  expect(
    offered
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.slice(4))
      .toSorted(),
  ).toEqual(['8BITMIME', 'PIPELINING', 'SIZE 26214400', 'SMTPUTF8', 'STARTTLS']);
  client.close();
});

describe('STARTTLS', () => {
  test('hides the mail on its way', async () => {
    const inbox = await ingest.newInbox();
    const tls = createTransport({
      host: '127.0.0.1',
      port: ingest.smtpPort,
      requireTLS: true,
      // The certificate was made for this process.
      tls: { rejectUnauthorized: false },
    });
    await tls.sendMail({ from: 'ann@example.com', to: inbox.address, text: 'Secret' });
    tls.close();
    expect(await rawOf(await mailOf(inbox.inboxId))).toContain('Secret');
  });

  test('forgets what was said before, also what came in the same packet', async () => {
    const client = await SmtpClient.open(ingest.smtpPort);
    expect(await client.say(`STARTTLS\r\n${FROM}\r\nNOOP`)).toMatch(/^220 /);
    client.close();
  });
});

test('commands may come all at once, and their answers come in order', async () => {
  const inbox = await ingest.newInbox();
  const client = await SmtpClient.open(ingest.smtpPort);
  expect(
    await client.say(`${FROM} BODY=8BITMIME\r\nRCPT TO:<nobody@postern.test>\r\nRCPT TO:<${inbox.address}>\r\nDATA`),
  ).toMatch(/^250/);
  expect([await client.reply(), await client.reply(), await client.reply()].map((reply) => reply.slice(0, 3))).toEqual([
    '550',
    '250',
    '354',
  ]);
  expect(await client.say('Subject: Grüße\r\n\r\nÄ\r\n.\r\nNOOP')).toMatch(/^250 2\.0\.0 /);
  expect(await client.reply()).toMatch(/^250/);
  client.close();
  expect(await rawOf(await mailOf(inbox.inboxId))).toBe('Subject: Grüße\r\n\r\nÄ\r\n');
});

test('senders may have internationalized addresses (RFC 6531)', async () => {
  const inbox = await ingest.newInbox();
  const client = await SmtpClient.open(ingest.smtpPort);
  await client.say('EHLO test');
  expect(await client.say('MAIL FROM:<jürgen@bücher.example> SMTPUTF8')).toMatch(/^250/);
  expect(await client.say('RCPT TO:<jürgen@postern.test>')).toMatch(/^550 5\.1\.1 /);
  expect(await client.say(`RCPT TO:<${inbox.address}>`)).toMatch(/^250/);
  await client.say('DATA');
  expect(await client.say('From: jürgen@bücher.example\r\n\r\nHi\r\n.')).toMatch(/^250 2\.0\.0 /);
  client.close();
  expect((await mailOf(inbox.inboxId)).data.mailFrom).toBe('jürgen@bücher.example');
});

describe('limits', () => {
  let limited: Ingest;

  beforeAll(async () => {
    limited = await startIngest({
      env: {
        SMTP_MAX_CONNECTIONS_PER_TENANT: '1',
        SMTP_MAX_CONNECTIONS_PER_CLIENT: '3',
        SMTP_TENANT_MESSAGES_PER_MINUTE: '2',
        SMTP_CLIENT_MESSAGES_PER_MINUTE: '8',
      },
    });
  });

  afterAll(async () => {
    await limited?.stop();
  });

  test('a tenant at its limit is told to come later, others are not', async () => {
    const [ours, other] = [await limited.newInbox(), await limited.newInbox()];
    const [first, second] = [await SmtpClient.open(limited.smtpPort), await SmtpClient.open(limited.smtpPort)];
    await first.say(FROM);
    expect(await first.say(`RCPT TO:<${ours.address}>`)).toMatch(/^250/);
    await second.say(FROM);
    expect(await second.say(`RCPT TO:<${ours.address}>`)).toMatch(/^451 4\.7\.1 /);
    expect(await second.say(`RCPT TO:<${other.address}>`)).toMatch(/^250/);
    await first.say('DATA');
    expect(await first.say(`Message-ID: <${newId('msg')}@example.com>\r\n\r\nHi\r\n.`)).toMatch(/^250 2\.0\.0 /);
    // The message has ended and its place is free; the next one is the last of this minute.
    expect(await second.say(`RCPT TO:<${ours.address}>`)).toMatch(/^250/);
    second.close();
    await first.say(FROM);
    const refused = await waitFor(async () => {
      const reply = await first.say(`RCPT TO:<${ours.address}>`);
      return reply.startsWith('451 4.7.1') ? reply : null;
    }, 'the rate of the tenant to be used up');
    expect(refused).toMatch(/^451 4\.7\.1 /);
    first.close();
  });

  test('a client with too many connections, or messages, is told to come later', async () => {
    const clients = [await SmtpClient.open(limited.smtpPort)];
    let error: unknown = null;
    while (error === null && clients.length < 10) {
      await SmtpClient.open(limited.smtpPort).then(
        (client) => clients.push(client),
        (reason: unknown) => (error = reason),
      );
    }
    expect(clients.length).toBeLessThanOrEqual(3);
    const [client] = clients;
    const replies: string[] = [];
    while (client !== undefined && replies.length < 10 && !replies.at(-1)?.startsWith('421')) {
      replies.push(await client.say(`${FROM}`));
      if (replies.at(-1)?.startsWith('250')) await client.say('RSET');
    }
    expect(replies.at(-1)).toMatch(/^421 4\.7\.0 /);
    for (const open of clients) open.close();
  });
});
