import { describe, expect, it } from '@jest/globals';
import { openDocumentOf, slidesOf, wordFile, wordOf, workbookOf } from '../../../test/documents/office-files.js';
import { encryptedPdf, nestedPdf, pdfOf } from '../../../test/documents/pdf-file.js';
import { zipOf } from '../../../test/documents/zip-file.js';
import type { DocumentFormat, Extraction } from '../extraction.js';
import { readDocument } from './read-document.js';

const read = (format: DocumentFormat, bytes: string | Uint8Array, maxChars = 10_000): Promise<Extraction> =>
  readDocument({ format, bytes: Buffer.from(bytes), maxChars, timeMs: 20_000 });

const text = (expected: string) => ({ status: 'read', text: expected, truncated: false });

const CALENDAR = [
  'BEGIN:VCALENDAR',
  'BEGIN:VEVENT',
  'DTSTART:20261121T120000Z',
  'SUMMARY:Review\\, second',
  ' \\nround',
  'ORGANIZER;CN="Ann: chair":mailto:ann@example.com',
  'DESCRIPTION;LANGUAGE=en:Bring the',
  '\tslides',
  'no property',
  'END:VEVENT',
].join('\r\n');

const FORWARDED = [
  'From: Ann <ann@example.com>',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: text/html',
  '',
  '<p>See below</p>',
  '--m',
  'Content-Type: application/octet-stream',
  'Content-Disposition: attachment; filename="offer.docx"',
  'Content-Transfer-Encoding: base64',
  '',
  wordOf('Ten crates').toString('base64'),
  '--m--',
  '',
].join('\r\n');

/** A mail in a mail, so many times. */
function nestedMail(depth: number): string {
  const inner = depth === 0 ? 'Subject: innermost\r\n\r\nEnd' : nestedMail(depth - 1);
  const boundary = `b${depth}`;
  return `Subject: level ${depth}\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=a.eml\r\n\r\n${inner}\r\n--${boundary}--\r\n`;
}

describe('documents are read as people read them', () => {
  it.each<[string, DocumentFormat, string | Uint8Array, string]>([
    ['PDF, page by page', 'pdf', pdfOf('First page', 'Second (page)'), 'First page\nSecond (page)'],
    ['Word', 'archive', wordOf('Ten crates', 'of &lt;oranges&gt; &amp; &#x41;'), 'Ten crates\nof <oranges> & A'],
    [
      'Word with another prefix, tabs, breaks and deleted text',
      'archive',
      zipOf({
        'word/document.xml':
          '<d:document><d:p><d:r><d:t>a</d:t><d:tab/><d:t>b</d:t><d:br/><d:delText>gone</d:delText></d:r></d:p><d:instrText>code</d:instrText></d:document>',
      }),
      'a\tb\ngone',
    ],
    [
      'a workbook, row by row',
      'archive',
      workbookOf(
        '<si><t>Crate</t><rPh><t>spoken</t></rPh></si><si><r><t>Ora</t></r><r><t>nge</t></r></si>',
        '<row><c t="s"><v>0</v></c><c><v>4.5</v></c></row><row><c t="inlineStr"><is><t>Note</t></is></c><c t="s"><v>1</v></c><c t="s"><v>9</v></c></row>',
      ),
      'Prices\nCrate\t4.5\nNote\tOrange',
    ],
    [
      'slides in their order, then notes',
      'archive',
      slidesOf(...Array.from({ length: 11 }, (_, index) => `Slide ${index + 1}`)),
      [...Array.from({ length: 11 }, (_, index) => `Slide ${index + 1}`), 'Note'].join('\n'),
    ],
    [
      'OpenDocument',
      'archive',
      openDocumentOf('<text:h>Title</text:h><text:p>a<text:s text:c="1000000000"/>b<text:tab/>c</text:p>'),
      'Title\na b\tc',
    ],
    ['an archive of something else', 'archive', zipOf({ 'readme.txt': 'Hello' }), ''],
    ['HTML, what is seen', 'html', '<title>T</title><p>Seen</p><p hidden>Unseen</p><script>1</script>', 'Seen'],
    ['a calendar', 'calendar', CALENDAR, 'Review, second\nround\nAnn: chair ann@example.com\nBring theslides'],
    [
      'a mail and its attachments',
      'mail',
      FORWARDED,
      '"Ann" <ann@example.com>\nGrüße\n\nSee below\n\noffer.docx\nTen crates',
    ],
    [
      'RTF',
      'rtf',
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\b Bold\\b0  caf\\'e9\\par \\u8364\\'80 100\\tab{\\*\\generator X}\\{x\\}}",
      'Bold café\n€ 100\t{x}',
    ],
    ['RTF in Japanese', 'rtf', "{\\rtf1\\ansicpg932 \\'93\\'fa\\'96\\'7b}", '日本'],
  ])('%s', async (_, format, bytes, expected) => {
    expect(await read(format, bytes)).toEqual(text(expected));
  });

  it('without control characters, half characters and heaps of blank lines', async () => {
    expect(await read('html', '<p>a\0\u0001b</p><p></p><p></p><p></p><p></p>c &#xd800;')).toEqual(
      text('ab\n\nc \ufffd'),
    );
  });

  it('up to a length', async () => {
    expect(await read('archive', wordOf('x'.repeat(50), 'y'.repeat(100)), 100)).toEqual({
      status: 'read',
      text: `${'x'.repeat(50)}\n${'y'.repeat(49)}`,
      truncated: true,
    });
  });
});

describe('documents that cannot be read', () => {
  it.each<[string, DocumentFormat, string | Uint8Array, string]>([
    ['an encrypted PDF', 'pdf', encryptedPdf(), 'encrypted'],
    ['an encrypted archive', 'archive', wordFile('', { encrypted: true }), 'encrypted'],
    [
      'an encrypted OpenDocument',
      'archive',
      openDocumentOf('', '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>'),
      'encrypted',
    ],
    ['no PDF', 'pdf', 'This is a text.', 'corrupt'],
    ['a PDF of arrays in arrays', 'pdf', nestedPdf(100_000), 'corrupt'],
    ['no archive', 'archive', 'PK is how it begins', 'corrupt'],
    ['a cut archive', 'archive', wordOf('Ten crates').subarray(0, 100), 'corrupt'],
    ['an Office document without its parts', 'archive', zipOf({ '[Content_Types].xml': '<Types/>' }), 'corrupt'],
    ['groups without end', 'rtf', '{\\rtf1 '.repeat(2_000), 'too_large'],
    ['XML without end', 'archive', wordFile('<a>'.repeat(10_000)), 'too_large'],
    ['elements without end', 'html', '<div>'.repeat(10_000), 'too_large'],
    [
      'many entries',
      'archive',
      zipOf(Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`${index}`, '']))),
      'too_large',
    ],
  ])('%s', async (_, format, bytes, reason) => {
    expect(await read(format, bytes)).toEqual({ status: 'unreadable', reason });
  });

  it('an archive that unpacks to more than its headers say, or than is allowed', async () => {
    const paragraph = `<w:p><w:r><w:t>${'a'.repeat(100)}</w:t></w:r></w:p>`;
    const lying = wordFile(paragraph.repeat(1_000), { claimedSize: 1_000 });
    expect(await read('archive', lying)).toMatchObject({ status: 'unreadable', reason: 'corrupt' });
    const blanks = wordFile(' '.repeat(65 * 1024 * 1024));
    expect(blanks.byteLength).toBeLessThan(100_000);
    expect(await read('archive', blanks)).toEqual({ status: 'unreadable', reason: 'too_large' });
  });

  it('what stands before the fault is read', async () => {
    const bomb = wordFile(`<w:p><w:r><w:t>Read me</w:t></w:r></w:p>${' '.repeat(65 * 1024 * 1024)}`);
    expect(await read('archive', bomb)).toEqual({ status: 'read', text: 'Read me', truncated: true });
  });

  it('entities that a document defines itself are not expanded', async () => {
    const laughs = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    const bomb = wordFile('<w:p><w:r><w:t>a &l9; b</w:t></w:r></w:p>', {
      doctype: `<!DOCTYPE d [<!ENTITY l0 "lol">${laughs}]>`,
    });
    expect(await read('archive', bomb)).toEqual(text('a &l9; b'));
  });

  it('mails in mails end somewhere', async () => {
    expect(await read('mail', nestedMail(2))).toMatchObject({ truncated: false, text: expect.stringMatching(/End$/) });
    const deep = await read('mail', nestedMail(5));
    expect(deep).toMatchObject({ truncated: true, text: expect.stringMatching(/^level 5/) });
  });

  it('reading ends when the time is over, with what was read', async () => {
    const calendar = 'SUMMARY:x\r\n'.repeat(1_000_000);
    const extraction = await readDocument({
      format: 'calendar',
      bytes: Buffer.from(calendar),
      maxChars: 10_000_000,
      timeMs: 10,
    });
    expect(extraction).toMatchObject({ status: 'read', truncated: true });
  });
});
