import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { mailAttachment, type MailAttachment } from '../normalise/attachment-text.js';
import type { Extraction, ExtractionJob } from './extraction.js';
import { MailReading } from './mail-reading.js';

const TENANT = { organization_id: newId('org'), mode: 'live' } as const;

const pdf = (content: string, filename = 'a.pdf'): MailAttachment =>
  mailAttachment({ filename, contentType: 'application/pdf', bytes: Buffer.from(`%PDF-1.7 ${content}`) });
const text = (text: string, truncated = false): Extraction => ({ status: 'read', text, truncated });

let jobs: ExtractionJob[];
let answer: (job: ExtractionJob) => Promise<Extraction>;
let stored: Extraction | null;
let reading: MailReading;

beforeEach(() => {
  jobs = [];
  stored = null;
  answer = async () => text('words');
  reading = new MailReading(TENANT, {
    find: async () => stored,
    extract: async (job) => {
      jobs.push(job);
      return answer(job);
    },
  });
});

describe('reading the attachments of a mail', () => {
  it('asks for nothing that is no document', async () => {
    const plain = mailAttachment({ filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('x') });
    expect(await reading.read(plain)).toBeNull();
    expect(jobs).toEqual([]);
    expect(reading.lasting).toEqual([]);
  });

  it('reads the same octets once, whatever they are called', async () => {
    expect(await reading.read(pdf('x'))).toEqual(text('words'));
    expect(await reading.read(pdf('x', 'b.pdf'))).toEqual(text('words'));
    expect(await reading.read(pdf('y'))).toEqual(text('words'));
    expect(jobs).toHaveLength(2);
    expect(reading.lasting).toHaveLength(2);
  });

  it('takes what was read before, and keeps it for this message too', async () => {
    stored = text('known');
    expect(await reading.read(pdf('x'))).toEqual(text('known'));
    expect(jobs).toEqual([]);
    expect(reading.lasting).toMatchObject([{ ...TENANT, format: 'pdf', extraction: text('known') }]);
  });

  it('stops when the text of the mail is long enough', async () => {
    answer = async ({ maxChars }) => text('x'.repeat(maxChars));
    for (let attachment = 0; attachment < 4; attachment += 1) await reading.read(pdf(`${attachment}`));
    expect(await reading.read(pdf('last'))).toEqual({ status: 'unreadable', reason: 'too_large' });
    expect(jobs.map(({ maxChars }) => maxChars)).toEqual(Array.from({ length: 4 }, () => 1024 * 1024));
  });

  it('does not begin with what is too large', async () => {
    const large = mailAttachment({
      filename: '',
      contentType: 'application/pdf',
      bytes: Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(25 * 1024 * 1024)]),
    });
    expect(await reading.read(large)).toEqual({ status: 'unreadable', reason: 'too_large' });
    expect(jobs).toEqual([]);
  });

  it.each<[string, Extraction, number]>([
    ['a whole text', text('x'), 1],
    ['an encrypted document', { status: 'unreadable', reason: 'encrypted' }, 1],
    ['a broken document', { status: 'unreadable', reason: 'corrupt' }, 1],
    ['a part of a text', text('x', true), 0],
    ['a very long text', text('x'.repeat(100_001)), 0],
    ['a time-out', { status: 'unreadable', reason: 'timeout' }, 0],
    ['a crash', { status: 'unreadable', reason: 'crashed' }, 0],
  ])('%s is kept: %s', async (_, extraction, kept) => {
    answer = async () => extraction;
    await reading.read(pdf('x'));
    expect(reading.lasting).toHaveLength(kept);
  });
});
