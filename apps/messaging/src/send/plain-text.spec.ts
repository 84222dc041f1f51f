import { describe, expect, it } from '@jest/globals';
import { plainTextOf } from './plain-text.js';

describe(plainTextOf, () => {
  it('reads like the HTML', () => {
    const html =
      '<h1>Title</h1><p>One &amp; two <a href="https://x.test/">link</a></p><img src="cid:x" alt="logo"><ul><li>a<li>b</ul>';
    expect(plainTextOf(html)).toBe('Title\n\nOne & two link [https://x.test/]\n\n * a\n * b');
  });

  it.each(['<div>', '<ul><li>', '<blockquote>', '<table><tr><td>', '<b>'])(
    'survives %s in itself without end',
    (tag) => {
      expect(plainTextOf(`<p>first</p>${tag.repeat(20_000)}deep`)).toMatch(/^first/);
    },
  );

  it('says when it left out the rest', () => {
    const text = plainTextOf('<p>hello</p>'.repeat(100_000));
    expect(text.length).toBeLessThan(256 * 1024);
    expect(text).toMatch(/The rest of this message is in its HTML part\.]$/);
  });
});
