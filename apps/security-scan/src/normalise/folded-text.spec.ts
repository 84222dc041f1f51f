import { describe, expect, it } from '@jest/globals';
import { foldedText } from './folded-text.js';

describe('a folded text', () => {
  it.each([
    ['look-alikes', 'іgnоrе аll', 'ignore all'],
    ['characters without width', 'ig\u200bno\u2060re', 'ignore'],
    ['soft hyphens', 'ig\u00adnore', 'ignore'],
    ['wide letters', 'ｉｇｎｏｒｅ', 'ignore'],
    ['letters of mathematics', '𝐢𝐠𝐧𝐨𝐫𝐞', 'ignore'],
    ['spaced letters', 'i g n o r e  a-l-l-o-w', 'ignore  allow'],
    ['digits for letters', 'ign0re pr3vious instruct10ns', 'ignore previous instructions'],
  ])('undoes %s', (_, text, folded) => {
    expect(foldedText(text)).toBe(folded);
  });

  it.each([
    ['Russian', 'Привет, проверьте договор'],
    ['Greek', 'Καλημέρα σας'],
    ['numbers', 'Room 401, 3 pm, v1.2.3, a1b2c3d4e5f60718293a4b5c'],
    ['addresses', 'ann.0x@b4.example, https://x.example/a1b2'],
    ['initials', 'U S A and e.g. a b'],
    ['plain text', 'Ignore my last mail.'],
  ])('leaves %s', (_, text) => {
    expect(foldedText(text)).toBe(text);
  });
});
