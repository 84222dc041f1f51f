import { describe, expect, it } from '@jest/globals';
import { AttachmentTexts } from '@postern/contracts';
import type { Extraction } from '../extract/extraction.js';
import { carriedTexts } from './carried-texts.js';
import { outboundMail } from './scanned-mail.fake.js';

const plain = (text: string) => ({ filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from(text) });
const pdf = (content: string, extraction: Extraction) => ({
  filename: 'a.pdf',
  contentType: 'application/pdf',
  bytes: Buffer.from(content),
  extraction,
});
const carried = (...attachments: (ReturnType<typeof plain> | ReturnType<typeof pdf>)[]) =>
  AttachmentTexts.parse(carriedTexts(outboundMail({ attachments }))).map(({ text, truncated }) => [text, truncated]);

describe('the texts of attachments that facts carry', () => {
  it('are what a reader reads, else what stands there; nothing without text', () => {
    const page = { ...plain('<p>Seen'), extraction: { status: 'read', text: 'Seen', truncated: false } as const };
    expect(
      carried(
        page,
        plain(' Notes '),
        plain(' \n'),
        pdf('1', { status: 'read', text: '', truncated: false }),
        pdf('2', { status: 'unreadable', reason: 'encrypted' }),
        pdf('3', { status: 'read', text: 'Part', truncated: true }),
      ),
    ).toEqual([
      ['Seen', false],
      ['Notes', false],
      ['Part', true],
    ]);
  });

  it('name each content once', () => {
    expect(carried(plain('same'), plain('same'), plain('other'))).toEqual([
      ['same', false],
      ['other', false],
    ]);
  });

  it('are cut at 100,000 characters each and 400,000 in all, never through a character', () => {
    const lengths = carried(...['a', 'b', 'c', 'd', 'e'].map((char) => plain(char.repeat(100_001)))).map(
      ([text, truncated]) => [String(text).length, truncated],
    );
    expect(lengths).toEqual(Array.from({ length: 4 }, () => [100_000, true]));
    const [[text] = []] = carried(plain(`${'a'.repeat(99_999)}😀`));
    expect(String(text).isWellFormed()).toBe(true);
  });
});
