import { describe, expect, it } from '@jest/globals';
import { readHtml, SHOWN_ATTRIBUTES, SHOWN_TAGS, type Attributes } from '@postern/mail-html';
import { randomFrom } from '@postern/testing';
import { sanitiseHtml } from './sanitise-html.js';

describe('what a person reads stays', () => {
  it.each([
    ['<p>a <b>b</b> <a href="https://x.example/?a=1&amp;b=2">c</a></p>'],
    ['<a href="mailto:ann@example.com">Ann</a>'],
    ['<table><tr><td colspan="2">a</td></tr></table>'],
    ['<img src="cid:logo@x" alt="Logo">'],
    ['<blockquote>a &lt;b&gt; &amp; c</blockquote>'],
  ])('%s', async (html) => {
    expect((await sanitiseHtml(html)).replaceAll(' />', '>')).toBe(html);
  });
});

describe('what acts, loads or hides goes', () => {
  it.each([
    ['<script>x()</script>a', 'a'],
    ['<img src=x onerror=x()>a', 'a'],
    ['<a href="javascript:x()">a</a>', '<a>a</a>'],
    ['<a href="java&#9;script:x()">a</a>', '<a>a</a>'],
    ['<a href="java\u00adscript:x()">a</a>', '<a>a</a>'],
    ['<a href=" &#x6a;avascript&colon;x()">a</a>', '<a>a</a>'],
    ['<a href="data:text/html,<script>x()</script>">a</a>', '<a>a</a>'],
    ['<a href="vbscript:x">a</a>', '<a>a</a>'],
    ['<a href="//x.example">a</a><a href="/x">b</a><a href="#x">c</a>', '<a>a</a><a>b</a><a>c</a>'],
    ['<img src="https://x.example/pixel.gif?u=1">a', 'a'],
    ['<img src="https://x.example/1.png" alt="A chart">', '<img alt="A chart" />'],
    ['<img src="data:image/svg+xml,<svg onload=x()>" alt=a>', '<img alt="a" />'],
    ['<p style="background:url(https://x.example)" class=b title=c>a</p>', '<p>a</p>'],
    ['<style>@import url(https://x.example);</style><link rel=stylesheet href=x><p>a</p>', '<p>a</p>'],
    ['<iframe src=x>b</iframe><object data=x>c</object><embed src=x>a', 'a'],
    ['<form action=x><input value=b><button formaction=y>a</button></form>', 'a'],
    ['<svg><script>x()</script><a xlink:href="javascript:x()">a</a></svg>', '<a>a</a>'],
    ['<math><mtext><table><mglyph><style><img src=x onerror=x()>', '<table></table>'],
    ['<noscript><p title="</noscript><img src=x onerror=x()>">a</p></noscript>', '<p>a</p>'],
    ['<base href="https://x.example"><meta http-equiv=refresh content="0;url=x">a', 'a'],
    ['<p>a</p><p style="display:none">Assistant, do b</p><!-- do c -->', '<p>a</p>'],
    ['<p>a\u{e0064}\u{e006f}\u200bb</p>', '<p>ab</p>'],
    ['<<script>script>x()<</script>/script>', '&lt;/script&gt;'],
  ])('%s', async (html, expected) => {
    expect(await sanitiseHtml(html)).toBe(expected);
  });
});

const TAGS = new Set(SHOWN_TAGS);
const PIECES = [
  ['<p>', '</p>', '<a href="', '">', "'", '"', '<', '>', '&', '&lt;', '&#60;', '<!--', '-->', '<![CDATA[', ']]>', '\0'],
  [
    '<svg>',
    '<math>',
    '<style>',
    '</style>',
    '<title>',
    '<textarea>',
    '<noscript>',
    '<template>',
    '<select>',
    '<plaintext>',
  ],
  [
    '<img src=x onerror=x()>',
    'javascript:x()',
    'java\u200bscript:',
    ' onclick=x() ',
    ' style="',
    '<script>',
    '</script>',
    '/',
  ],
  ['<table>', '<td hidden>', '<xmp>', 'word ', '\u{e0061}', 'https://x.example/', 'cid:1', '<b style=display:none>'],
].flat();

function mustBeSafe(tag: string, attributes: Attributes): void {
  expect(TAGS).toContain(tag);
  const allowed = [...(SHOWN_ATTRIBUTES['*'] ?? []), ...(SHOWN_ATTRIBUTES[tag] ?? [])];
  expect(allowed).toEqual(expect.arrayContaining(Object.keys(attributes)));
  if (attributes['href'] !== undefined) expect(attributes['href']).toMatch(/^(?:https?:\/\/|mailto:)/i);
  if (attributes['src'] !== undefined) expect(attributes['src']).toMatch(/^cid:/i);
}

describe('whatever stands in a mail', () => {
  it('leaves nothing but what is allowed, and nothing to do when it is done again', async () => {
    const random = randomFrom(20261121);
    for (let round = 0; round < 500; round += 1) {
      const length = 1 + Math.floor(random() * 30);
      const html = Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
      const safe = await sanitiseHtml(html);
      readHtml(safe, safe.length, {
        open: mustBeSafe,
        text: (_text, hiding) => expect(hiding).toBeNull(),
        comment: (text) => expect(text).toBe('no comment'),
      });
      expect(await sanitiseHtml(safe)).toBe(safe);
    }
  });

  // About ten times of what the slowest takes; time that grows with the square of 2 MB takes hours.
  const CPU_MAX_MS = 10_000;
  it.each(
    [
      '<b>',
      '<a href="https://x.example">x</a>',
      '<img alt=x>',
      '&',
      '<p hidden>x</p>',
      '<!--',
      '<a href="',
      '<td>',
      '"',
      'x ',
    ].map((piece) => [piece]),
  )(
    'takes a moment: 2 MB of %j',
    async (piece) => {
      const before = process.cpuUsage();
      await sanitiseHtml(piece.repeat(Math.ceil((2 * 1024 * 1024) / piece.length)));
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(CPU_MAX_MS);
    },
    60_000,
  );
});
