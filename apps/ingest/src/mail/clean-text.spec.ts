import { describe, expect, test } from '@jest/globals';
import { cleanFilename, cleanLine, cleanMediaType, cleanText } from './clean-text.js';

describe('a line', () => {
  test.each([
    ['hi\r\nBcc: evil@example.com', 'hi Bcc: evil@example.com'],
    ['a\u0000b', 'a b'],
    ['  a\tb\u2028c ', 'a b c'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u2066a\u2069', 'a'],
    ['\ud800', '\ufffd'],
    ['שלום', 'שלום'],
  ])('%j becomes %j', (text, line) => {
    expect(cleanLine(text, 100)).toBe(line);
  });

  test('is cut without halving a character', () => {
    expect(cleanLine('ab😀', 3)).toBe('ab\ufffd');
    expect(cleanLine('abc', 2)).toBe('ab');
  });
});

test('text keeps its lines and tabs, and nothing else that cannot be seen', () => {
  expect(cleanText('a\r\nb\rc\n\td\u0000\u0007\u001b[0m\u007fe\udfff')).toBe('a\nb\nc\n\td[0me\ufffd');
});

describe('a file name', () => {
  test.each([
    ['../../../etc/passwd', 'passwd'],
    ['C:\\Windows\\evil.exe', 'evil.exe'],
    ['/u/x/RFC.ps', 'RFC.ps'],
    ['a\r\nX-Injected: yes.pdf', 'a X-Injected_ yes.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\u0000.txt', 'a .txt'],
    ['..', 'fallback'],
    ['.', 'fallback'],
    ['', 'fallback'],
    ['a/', 'fallback'],
    [' . a . ', 'a'],
    ['.bashrc', 'bashrc'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console.txt', 'console.txt'],
    ['Größe €.pdf', 'Größe €.pdf'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
  ])('%j becomes %j', (name, safe) => {
    expect(cleanFilename(name, 'fallback')).toBe(safe);
  });

  test('is cut to 200 octets with its extension kept', () => {
    const cut = cleanFilename(`${'ü'.repeat(300)}.pdf`, 'fallback');
    expect(cut).toMatch(/^ü+\.pdf$/);
    expect(Buffer.byteLength(cut)).toBe(200);
    expect(Buffer.byteLength(cleanFilename(`a.${'b'.repeat(300)}`, 'fallback'))).toBe(200);
  });
});

test.each([
  ['Text/HTML ', 'text/html'],
  ['application/vnd.ms-excel.sheet.macroEnabled.12', 'application/vnd.ms-excel.sheet.macroenabled.12'],
  ['text', 'application/octet-stream'],
  ['text/html\r\nX: y', 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('the media type %j becomes %j', (type, clean) => {
  expect(cleanMediaType(type)).toBe(clean);
});
