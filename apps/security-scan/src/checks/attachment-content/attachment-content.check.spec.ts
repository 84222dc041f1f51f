import { describe, expect, it } from '@jest/globals';
import { zipOf } from '../../../test/documents/zip-file.js';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { attachmentContentCheck } from './attachment-content.check.js';

const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const vba = Buffer.concat([OLE, Buffer.alloc(2_000), Buffer.from('_VBA_PROJECT', 'utf16le'), Buffer.alloc(50)]);
const word = (parts: Record<string, string | Uint8Array>) => zipOf({ 'word/document.xml': '<w:document/>', ...parts });

const run = (filename: string, bytes: Uint8Array) =>
  attachmentContentCheck.run(
    outboundMail({ attachments: [{ filename, contentType: 'application/octet-stream', bytes }] }),
  );
const detailsOf = (filename: string, bytes: Uint8Array): string[] => run(filename, bytes).map(({ detail }) => detail);
const RUNS = 'Attachment 1 is an archive with something that runs when opened.';
const DISGUISED = 'Attachment 1 is an archive with a program that has the name of a document.';

describe('what is inside attachments', () => {
  it.each<[string, string, Uint8Array, string]>([
    ['a macro', 'a.docm', word({ 'word/vbaProject.bin': 'x' }), 'Attachment 1 holds a macro.'],
    [
      'a macro under another name',
      'a.docx',
      word({ 'word/vbaProject.bin': 'x' }),
      'Attachment 1 holds a macro, and its name says that it holds none.',
    ],
    ['a macro of old Office', 'a.doc', vba, 'Attachment 1 holds a macro.'],
    ['a program', 'a.zip', zipOf({ 'docs/a.txt': 'x', 'run/setup.exe': 'x' }), RUNS],
    [
      'a program behind another extension',
      'a.zip',
      zipOf({ 'invoice.pdf.js': 'x', 'invoice.pdf.exe': 'x' }),
      DISGUISED,
    ],
    ['a program in an archive in it', 'a.zip', zipOf({ 'b.zip': zipOf({ 'run.scr': 'x' }) }), RUNS],
    [
      'a program in an archive behind a program',
      'a.zip',
      Buffer.concat([Buffer.from('MZ'), Buffer.alloc(99), zipOf({ 'run.scr': 'x' })]),
      RUNS,
    ],
    [
      'a password',
      'a.zip',
      zipOf({ 'a.txt': 'x' }, { encrypted: true }),
      'Attachment 1 is an archive under a password: nobody could look into it.',
    ],
    [
      'archives too deep',
      'a.zip',
      zipOf({ 'b.zip': zipOf({ 'c.zip': zipOf({ 'run.exe': 'x' }) }) }),
      'Attachment 1 is an archive with more in it than is looked at.',
    ],
  ])('is told: %s', (_, filename, bytes, detail) => {
    expect(detailsOf(filename, bytes)).toEqual([detail]);
  });

  it.each<[string, string, Uint8Array]>([
    ['a document', 'a.docx', word({})],
    ['a document with a table in it', 'a.docx', word({ 'word/embeddings/a.xlsx': zipOf({ 'xl/workbook.xml': 'x' }) })],
    ['pictures', 'a.zip', zipOf({ 'a.png': 'x', 'www.example.com/index.html': 'x' })],
    ['old Office without a macro', 'a.doc', Buffer.concat([OLE, Buffer.alloc(2_000)])],
    ['a broken archive', 'a.zip', zipOf({ 'run.exe': 'x' }).subarray(0, 40)],
    ['a text about macros', 'a.txt', Buffer.from('vbaProject.bin')],
  ])('is fine: %s', (_, filename, bytes) => {
    expect(detailsOf(filename, bytes)).toEqual([]);
  });

  it('is looked for in bounded time, whatever an archive claims', () => {
    const many = zipOf(Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`f${n}`, 'x'])));
    expect(detailsOf('a.zip', many)).toEqual(['Attachment 1 is an archive with more in it than is looked at.']);
    const bomb = zipOf({ 'b.zip': Buffer.alloc(64 * 1024 * 1024) }, { claimedSize: 10 });
    expect(detailsOf('a.zip', bomb)).toEqual(['Attachment 1 is an archive with more in it than is looked at.']);
  });
});
