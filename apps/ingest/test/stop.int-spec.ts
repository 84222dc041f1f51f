import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startIngest, type Ingest } from './ingest.harness.js';
import { SmtpClient } from './smtp.client.js';

let ingest: Ingest;
let stopped: Promise<void> | undefined;

beforeAll(async () => {
  ingest = await startIngest();
});

afterAll(async () => {
  await (stopped ?? ingest?.stop());
});

test('a stop sends idle clients away and lets a message under way end', async () => {
  const inbox = await ingest.newInbox();
  // The time that a stop has does not cover the start of a process that parses.
  await ingest.mailer.sendMail({ to: inbox.address, text: 'First' });
  const idle = await SmtpClient.open(ingest.smtpPort);
  const busy = await SmtpClient.open(ingest.smtpPort);
  await busy.say('MAIL FROM:<>');
  await busy.say(`RCPT TO:<${inbox.address}>`);
  expect(await busy.say('DATA')).toMatch(/^354/);

  stopped = ingest.stop();
  expect(await idle.reply()).toMatch(/^421 4\.3\.2 /);
  await expect(SmtpClient.open(ingest.smtpPort)).rejects.toThrow();
  expect(await busy.say('Subject: last\r\n\r\nHi\r\n.')).toMatch(/^250 2\.0\.0 /);
  busy.close();
  await stopped;
});
