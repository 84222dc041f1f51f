import { describe, expect, it } from '@jest/globals';
import { mediaTypeOf, safeFilename } from './filename.js';

describe('safeFilename', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Übersicht 2026.pdf', 'Übersicht 2026.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\a.doc', 'a.doc'],
    ['/', 'file'],
    ['..', 'file'],
    ['', 'file'],
    ['a\u0000b.txt', 'a b.txt'],
    ['a\r\nX: y.txt', 'a X_ y.txt'],
    ['invoice\u202etxt.exe', 'invoicetxt.exe'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console.txt', 'console.txt'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    [' . a . ', 'a'],
    ['a/', 'file'],
    ['.htaccess', 'htaccess'],
    ['half \ud800', 'half \ufffd'],
  ])('makes of %j the name %j', (name, safe) => expect(safeFilename(name, 'file')).toBe(safe));

  it('cuts by octets and keeps the extension', () => {
    const name = safeFilename(`${'ü'.repeat(300)}.tar.gz`, 'file');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^ü+(\.tar)?\.gz$/);
  });

  it('leaves a safe name as it is', () => {
    for (const name of ['a.b', '_CON', `${'x'.repeat(250)}.pdf`]) {
      const safe = safeFilename(name, 'file');
      expect(safeFilename(safe, 'file')).toBe(safe);
    }
  });
});

describe('mediaTypeOf', () => {
  it.each([
    ['text/HTML; charset=utf-8', 'text/html'],
    [' image/png ', 'image/png'],
    ['application/vnd.ms-excel.sheet.macroEnabled.12', 'application/vnd.ms-excel.sheet.macroenabled.12'],
    ['nonsense', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    ['text/plain\r\nX: y', 'application/octet-stream'],
    [undefined, 'application/octet-stream'],
    [null, 'application/octet-stream'],
  ])('reads %j as %s', (declared, type) => expect(mediaTypeOf(declared)).toBe(type));
});
