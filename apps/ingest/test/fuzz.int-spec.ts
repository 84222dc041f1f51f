import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { residentBytes } from '@postern/platform';
import { fullRun, randomFrom } from '@postern/testing';
import { MailReaders } from '../src/mail/mail-readers.js';
import { corpusMails, hasCorpus, octetsOf } from './corpus/mime-corpus.js';
import { mutate } from './corpus/mutate.js';
import { MAIL_READER_FROM_SOURCES } from './ingest-from-sources.js';

const SEED = 20_261_121;
const MAILS = fullRun() ? 20_000 : 500;
/** No damage makes a mail take longer; the largest of the corpus has 4 MB. */
const HANG_MS = 2_000;
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
    const mails = [...OWN_MAILS, ...(hasCorpus ? corpusMails().map(octetsOf) : [])].filter(
      ({ length }) => length <= MUTATED_MAX_BYTES,
    );
    const random = randomFrom(SEED);
    const pick = (): Buffer => mails[Math.floor(random() * mails.length)] ?? Buffer.alloc(0);
    const failed: string[] = [];
    for (let index = 0; index < MAILS; index += 1) {
      const { parseError } = await readers.read(mutate(pick(), pick(), random), HANG_MS);
      if (parseError?.startsWith('The mail ') === true) failed.push(`${index}: ${parseError}`);
    }
    expect(failed).toEqual([]);
    for (const pid of readers.pids) expect(await residentBytes(pid)).toBeLessThan(RESIDENT_MAX_BYTES);
  },
  fullRun() ? 3_600_000 : 120_000,
);
