import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MailReceivedV1 } from '@postern/contracts';
import { sha256 } from '@postern/eventing';
import { residentBytes } from '@postern/platform';
import { fullRun, randomFrom, waitFor } from '@postern/testing';
import { MailReaders } from '../src/mail/mail-readers.js';
import { corpusMails, hasCorpus, octetsOf } from './corpus/mime-corpus.js';
import { mutate } from './corpus/mutate.js';
import { MAIL_READER_FROM_SOURCES } from './ingest-from-sources.js';
import { startIngest } from './ingest.harness.js';
import { SmtpClient } from './smtp.client.js';

const SEED = 20_261_121;
const MAILS = fullRun() ? 20_000 : 500;
/** So many of them go through the whole door. */
const BY_SMTP = fullRun() ? 2_000 : 50;
/** For all mails of a long run, and for the patience of a short one on a busy machine. */
const TEST_MAX_MS = fullRun() ? 3_600_000 : 300_000;
/** What is not read by then never will be: without other work on the machine, none takes a twentieth of it. */
const HANG_MS = 20_000;
/** What a process may hold after all of them: it is replaced over 256 MiB. */
const RESIDENT_MAX_BYTES = 300 * 1024 * 1024;
/** Without the corpus, which is no part of the repository. */
const OWN_MAILS = [
  'From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHi\r\n',
  'From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--b--\r\n',
  'From: a@b.c\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nFailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--b--\r\n',
].map((text) => Buffer.from(text));
/** Larger ones take their time in copies, not in parsing. */
const MUTATED_MAX_BYTES = 256 * 1024;

/** Damaged mails, the same ones in every run with this seed. */
function* damagedMails(count: number): Generator<Buffer> {
  const mails = [...OWN_MAILS, ...(hasCorpus ? corpusMails().map(octetsOf) : [])].filter(
    ({ length }) => length <= MUTATED_MAX_BYTES,
  );
  const random = randomFrom(SEED);
  const pick = (): Buffer => mails[Math.floor(random() * mails.length)] ?? Buffer.alloc(0);
  for (let index = 0; index < count; index += 1) yield mutate(pick(), pick(), random);
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;

let readers: MailReaders;

beforeAll(async () => {
  readers = new MailReaders(MAIL_READER_FROM_SOURCES);
  // The start of a process does not count as a hang.
  await readers.read(Buffer.from('\r\n'), 60_000);
});

afterAll(() => readers?.onApplicationShutdown());

test(
  `${MAILS} damaged mails: nothing crashes, hangs or grows`,
  async () => {
    const failed: string[] = [];
    let index = 0;
    let slowestMs = 0;
    let residentMax = 0;
    for (const mail of damagedMails(MAILS)) {
      const begun = performance.now();
      const { parseError } = await readers.read(mail, HANG_MS);
      slowestMs = Math.max(slowestMs, performance.now() - begun);
      if (parseError?.startsWith('The mail ') === true) failed.push(`${index}: ${parseError}`);
      if (index % 50 === 0)
        residentMax = Math.max(residentMax, ...(await Promise.all(readers.pids.map(residentBytes))));
      index += 1;
    }
    process.stdout.write(`parsed ${index}, slowest ${Math.round(slowestMs)} ms, at most ${mebibytes(residentMax)}\n`);
    expect(failed).toEqual([]);
    for (const pid of readers.pids) expect(await residentBytes(pid)).toBeLessThan(RESIDENT_MAX_BYTES);
  },
  TEST_MAX_MS,
);

test(
  `${BY_SMTP} of them by SMTP: each is taken and told, or refused for its line ends`,
  async () => {
    const ingest = await startIngest();
    try {
      const inbox = await ingest.newInbox();
      const client = await SmtpClient.open(ingest.smtpPort);
      const taken = new Set<string>();
      let refused = 0;
      for (const mail of damagedMails(BY_SMTP)) {
        // Most damaged mails have lone line ends, which are refused unread: only every fourth keeps them.
        const raw = ended((taken.size + refused) % 4 === 0 ? mail : onlyCrLf(mail));
        await client.say('MAIL FROM:<ann@example.com>');
        await client.say(`RCPT TO:<${inbox.address}>`);
        await client.say('DATA');
        const reply = await client.sayMessage(raw);
        if (reply.startsWith('250 2.0.0')) taken.add(sha256(raw));
        else {
          expect(reply).toMatch(/^550 5\.5\.2 /);
          refused += 1;
        }
      }
      client.close();
      const untold = async (): Promise<string[]> => {
        const facts = await ingest.sut.bus.factsOf(MailReceivedV1);
        const told = new Set(facts.map(({ data }) => data.raw.sha256));
        return [...taken].filter((hash) => !told.has(hash));
      };
      await waitFor(async () => (await untold()).length === 0, 'every mail that was taken to be told');
      process.stdout.write(
        `by SMTP: taken ${taken.size}, refused ${refused}, this process has ${mebibytes(await residentBytes(process.pid))}\n`,
      );
    } finally {
      await ingest.stop();
    }
  },
  TEST_MAX_MS,
);

const onlyCrLf = (mail: Buffer): Buffer =>
  Buffer.from(mail.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1');

/** As it arrives: DATA ends with a line end. */
const ended = (mail: Buffer): Buffer =>
  mail.subarray(-2).toString('latin1') === '\r\n' ? mail : Buffer.concat([mail, Buffer.from('\r\n')]);
