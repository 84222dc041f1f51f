import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { residentBytes, type ChildProgram } from '@postern/platform';
import { waitFor } from '@postern/testing';
import { MailReaders } from '../src/mail/mail-readers.js';
import { MAIL_READER_FROM_SOURCES } from './ingest-from-sources.js';

/** Far more than production gives: the machine of a test is busy. */
const PATIENT_MS = 60_000;

let readers: MailReaders;

beforeEach(() => {
  readers = new MailReaders(MAIL_READER_FROM_SOURCES);
});

afterEach(() => readers.onApplicationShutdown());

const loading = (code: string): ChildProgram => ({
  ...MAIL_READER_FROM_SOURCES,
  execArgv: [...MAIL_READER_FROM_SOURCES.execArgv, '--import', `data:text/javascript,${encodeURIComponent(code)}`],
});

const HEADER = 'From: Ann <ann@example.com>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <m@x>\r\n';
const mail = (body: string, type = 'text/plain'): Buffer =>
  Buffer.from(`${HEADER}Content-Type: ${type}\r\n\r\n${body}\r\n`);

describe('mail is parsed in processes of its own', () => {
  test('with its attachments, and one after the other in the same', async () => {
    const body = '--b\r\n\r\nHi\r\n--b\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\nbytes\r\n--b--';
    const parsed = await readers.read(mail(body, 'multipart/mixed; boundary=b'), PATIENT_MS);
    expect(parsed).toMatchObject({
      from: { address: 'ann@example.com', name: 'Ann' },
      subject: 'Grüße',
      text: 'Hi',
      parseError: null,
      attachments: [{ filename: 'a.bin', bytes: Buffer.from('bytes') }],
    });
    const { pids } = readers;
    expect(await readers.read(mail('Next'), PATIENT_MS)).toMatchObject({ text: 'Next\n' });
    expect(readers.pids).toEqual(pids);
  });

  test('which are ended with the service', async () => {
    await readers.read(mail('Hi'), PATIENT_MS);
    const [pid = 0] = readers.pids;
    readers.onApplicationShutdown();
    await waitFor(async () => (await residentBytes(pid)) === 0, 'the process to end');
  });
});

describe('what its header says is left of a mail', () => {
  test('that takes too long, and the next one is read', async () => {
    const stuck = new MailReaders(
      loading(`process.prependListener('message', ({ raw }) => { while (Buffer.from(raw).includes('for ever')); })`),
    );
    await stuck.read(mail('warm'), PATIENT_MS);
    expect(await stuck.read(mail('for ever'), 500)).toMatchObject({
      from: { address: 'ann@example.com', name: 'Ann' },
      subject: 'Grüße',
      messageIdHeader: '<m@x>',
      text: null,
      parseError: 'The mail takes too long to read',
    });
    expect(await stuck.read(mail('Next'), PATIENT_MS)).toMatchObject({ text: 'Next\n', parseError: null });
    stuck.onApplicationShutdown();
  });

  test('that takes too much memory', async () => {
    const small = new MailReaders(
      loading(`process.prependListener('message', ({ raw }) => {
        for (const all = []; Buffer.from(raw).includes('for ever'); ) all.push(Buffer.alloc(64 << 20, 1));
      })`),
    );
    expect(await small.read(mail('for ever'), PATIENT_MS)).toMatchObject({
      subject: 'Grüße',
      parseError: 'The mail takes too much memory to read',
    });
    small.onApplicationShutdown();
  });

  test('of which not even the header can be parsed, undecoded', async () => {
    const crash = new MailReaders(loading(`process.prependListener('message', () => process.exit(3))`));
    expect(await crash.read(mail('x'), PATIENT_MS)).toMatchObject({
      from: { address: 'ann@example.com', name: null },
      subject: '=?utf-8?q?Gr=C3=BC=C3=9Fe?=',
      messageIdHeader: '<m@x>',
      parseError: 'The mail ends the process that reads it',
    });
    crash.onApplicationShutdown();
  });
});

test('25 MiB come to an end within the bounds of production', async () => {
  await readers.read(mail('warm'), PATIENT_MS);
  for (const [body, type] of [
    [`${'x'.repeat(998)}\r\n`.repeat(26_000), 'text/plain'],
    [`${'<div>'.repeat(190)}\r\n`.repeat(26_000), 'text/html'],
    ['--b\r\n\r\n\r\n'.repeat(2_500_000), 'multipart/mixed; boundary=b'],
  ] as const) {
    const parsed = await readers.read(mail(body, type));
    expect(parsed).toMatchObject({ subject: 'Grüße', from: { address: 'ann@example.com' } });
  }
});
