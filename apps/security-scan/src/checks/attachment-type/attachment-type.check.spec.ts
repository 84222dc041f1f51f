import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { attachmentTypeCheck } from './attachment-type.check.js';
import { sniff } from './file-signatures.js';

const PROGRAM = Buffer.from('MZ\x90\0\x03\0\0\0');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
const ZIP = Buffer.from('PK\x03\x04\x14\0');
const PDF = Buffer.from('%PDF-1.7\n');
const TEXT = Buffer.from('MZ is also how a text may begin');

const run = (filename: string, contentType: string, bytes: Uint8Array) =>
  attachmentTypeCheck
    .run(outboundMail({ attachments: [{ filename, contentType, bytes }] }))
    .map(({ result, confidence }) => [result, confidence]);

describe('attachments that are not what they say', () => {
  it.each<[string, string, string, Uint8Array, [string, number][]]>([
    ['a program as PDF', 'a.pdf', 'application/pdf', PROGRAM, [['malicious', 0.95]]],
    ['a program as picture', 'a.png', 'image/png; name=a.png', PROGRAM, [['malicious', 0.95]]],
    ['a program', 'a.bin', 'application/octet-stream', PROGRAM, [['suspicious', 0.8]]],
    ['a page as picture', 'a.png', 'image/png', Buffer.from(' <!DOCTYPE html><p>'), [['suspicious', 0.55]]],
    ['an archive as PDF', 'a.pdf', 'application/pdf', ZIP, [['suspicious', 0.55]]],
    ['two extensions', 'invoice.pdf.exe', 'application/octet-stream', ZIP, [['suspicious', 0.95]]],
    ['a name that runs', 'setup.js.jar', 'application/octet-stream', ZIP, [['suspicious', 0.6]]],
    [
      'a name that reads backwards',
      'invoice\u202efdp.scr',
      'application/octet-stream',
      ZIP,
      [
        ['suspicious', 0.9],
        ['suspicious', 0.6],
      ],
    ],
  ])('%s', (_, filename, contentType, bytes, found) => {
    expect(run(filename, contentType, bytes)).toEqual(found);
  });

  it.each<[string, string, string, Uint8Array]>([
    ['a PDF', 'a.pdf', 'application/pdf', PDF],
    ['a picture of another kind', 'a.jpg', 'image/jpeg', PNG],
    ['a new Word document', 'a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', ZIP],
    ['a text', 'a.txt', 'text/plain', TEXT],
    ['octets', 'a', 'application/octet-stream', ZIP],
    ['an empty file', '', 'application/pdf', new Uint8Array()],
    ['a dotted name', 'report.v1.2.pdf', 'application/pdf', PDF],
  ])('lets %s pass', (_, filename, contentType, bytes) => {
    expect(run(filename, contentType, bytes)).toEqual([]);
  });

  it('are known by the signatures of their formats', () => {
    expect(sniff(Buffer.from('\x7fELF\x02'))).toBe('executable');
    expect(sniff(Buffer.from('RIFF\0\0\0\0WEBP'))).toBe('webp');
    expect(sniff(Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar')]))).toBe('archive');
    expect(sniff(Buffer.from('Hello'))).toBeNull();
  });
});
