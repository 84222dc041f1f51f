import { describe, expect, it } from '@jest/globals';
import { wordOf } from '../../test/documents/office-files.js';
import { pdfOf } from '../../test/documents/pdf-file.js';
import { formatOf, isEncryptedOffice } from './document-format.js';
import { plainTextOf } from './plain-text.js';

const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('which reader an attachment has', () => {
  it.each([
    ['a PDF by its octets, whatever it says', 'a.bin', 'application/octet-stream', pdfOf('x'), 'pdf'],
    ['an archive by its octets', 'a.pdf', 'application/pdf', wordOf('x'), 'archive'],
    ['HTML by its octets', 'a.doc', 'application/msword', Buffer.from('<html><p>x'), 'html'],
    ['RTF by its octets', 'a.doc', 'application/msword', Buffer.from('{\\rtf1 x}'), 'rtf'],
    ['a damaged PDF by its type', 'a', 'application/pdf', Buffer.from('x'), 'pdf'],
    ['a damaged document by its name', 'a.DOCX', 'application/octet-stream', Buffer.from('x'), 'archive'],
    ['a damaged document by its type', 'a', WORD, Buffer.from('x'), 'archive'],
    ['a calendar', 'invite.ics', 'text/calendar', Buffer.from('BEGIN:VCALENDAR'), 'calendar'],
    ['a mail', '', 'message/rfc822', Buffer.from('Subject: x'), 'mail'],
    ['plain text', 'a.txt', 'text/plain', Buffer.from('x'), null],
    ['a picture that says it is a PDF', 'a.pdf', 'application/pdf', Buffer.from('GIF89a'), null],
    ['a program', 'a.pdf', 'application/pdf', Buffer.from('MZ\0'), null],
    ['nothing', 'a.pdf', 'application/pdf', Buffer.of(), null],
  ])('%s', (_, filename, contentType, bytes, format) => {
    expect(formatOf({ filename, contentType, bytes })).toBe(format);
  });

  it('a document under a password is known by its stream', () => {
    const locked = Buffer.concat([OLE, Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]);
    expect(isEncryptedOffice(locked)).toBe(true);
    expect(isEncryptedOffice(Buffer.concat([OLE, Buffer.alloc(600)]))).toBe(false);
    expect(isEncryptedOffice(Buffer.from('EncryptedPackage', 'utf16le'))).toBe(false);
  });
});

describe('plain text', () => {
  it.each([
    ['UTF-8', Buffer.from('café'), 'café'],
    ['Windows-1252', Buffer.from('caf\xe9 \x80', 'latin1'), 'café €'],
    ['UTF-16', Buffer.from('\ufeffcafé', 'utf16le'), 'café'],
    ['UTF-16, big endian', Buffer.from('\ufeffcafé', 'utf16le').swap16(), 'café'],
  ])('in %s', (_, bytes, text) => {
    expect(plainTextOf({ filename: 'a.txt', contentType: 'text/plain', bytes })).toEqual({ text, cut: false });
  });

  it('is no text with NUL, or without a name or type of text', () => {
    expect(plainTextOf({ filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('a\0b') })).toBeNull();
    expect(plainTextOf({ filename: 'a', contentType: 'image/png', bytes: Buffer.from('ab') })).toBeNull();
  });

  it('is looked at up to a size', () => {
    const bytes = Buffer.alloc(25 * 1024 * 1024, 'a');
    const plain = plainTextOf({ filename: 'a.txt', contentType: 'text/plain', bytes });
    expect(plain?.text).toHaveLength(1024 * 1024);
    expect(plain?.cut).toBe(true);
  });

  it('stays UTF-8 when the cut goes through a character', () => {
    const bytes = Buffer.from(`a${'é'.repeat(600_000)}`);
    const text = plainTextOf({ filename: 'a.txt', contentType: 'text/plain', bytes })?.text ?? '';
    expect(/^aé+$/.test(text)).toBe(true);
  });
});
