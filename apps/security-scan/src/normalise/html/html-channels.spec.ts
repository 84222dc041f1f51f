import { describe, expect, it } from '@jest/globals';
import { Clip } from '../clip.js';
import type { HtmlChannels } from '../scanned-mail.js';
import { htmlChannels } from './html-channels.js';

const read = (html: string): HtmlChannels => htmlChannels(html, new Clip());
const hidden = (html: string): string[][] =>
  read(html).hidden.map(({ reason, text }) => [reason, text.replaceAll(/\s+/g, ' ').trim()]);

describe('what a person does not see', () => {
  it.each([
    ['display', '<p style="display:none">secret</p>'],
    ['display', '<p style="color:red;DISPLAY : None !important">secret</p>'],
    ['display', '<style>.a{display:none}</style><p class="b a">secret</p>'],
    ['display', '<p class=a>secret</p><style>p.a , p.b{display:none}</style>'],
    ['display', '<style>@media screen{#x{display:none}}</style><p id=x>secret</p>'],
    ['display', '<div style="display:none"><p><b style="display:block">secret</b></p></div>'],
    ['visibility', '<p style="visibility:hidden">secret</p>'],
    ['opacity', '<p style="opacity:0">secret</p>'],
    ['font_size', '<p style="font-size:0">secret</p>'],
    ['font_size', '<p style="font-size:1px">secret</p>'],
    ['font_size', '<p style="font:0/0 a">secret</p>'],
    ['font_size', '<div style="font-size:0"><p style="font-size:2em">secret</p></div>'],
    ['colour', '<p style="color:#fff">secret</p>'],
    ['colour', '<p style="color:rgb(254, 254, 254)">secret</p>'],
    ['colour', '<font color="#FFFFFF">secret</font>'],
    ['colour', '<p style="color:transparent">secret</p>'],
    ['colour', '<td bgcolor="#000000"><p style="color:#010101">secret</p></td>'],
    ['colour', '<div style="background:#222"><p style="color:#222222">secret</p></div>'],
    ['off_screen', '<p style="position:absolute;left:-9999px">secret</p>'],
    ['off_screen', '<p style="text-indent:-9999px">secret</p>'],
    ['clipped', '<p style="max-height:0;overflow:hidden">secret</p>'],
    ['clipped', '<p style="clip:rect(0 0 0 0);position:absolute">secret</p>'],
    ['clipped', '<p style="transform:scale(0)">secret</p>'],
    ['hidden_attribute', '<p hidden>secret</p>'],
    ['inert_element', '<template>secret</template>'],
  ])('%s: %s', (reason, html) => {
    expect(hidden(`<p>seen</p>${html}`)).toEqual([[reason, 'secret']]);
    expect(read(`<p>seen</p>${html}`).visible).not.toContain('secret');
  });
});

describe('what a person sees', () => {
  it.each([
    '<p>text</p>',
    '<p style="display:block">text</p>',
    '<style>@media (max-width:600px){.a{display:none}}</style><p class=a>text</p>',
    '<style>/* .a{display:none} */</style><p class=a>text</p>',
    '<!--[if mso]><style>.a{display:none}</style><![endif]--><p class=a>text</p>',
    '<td style="font-size:0"><p style="font-size:14px">text</p></td>',
    '<div style="visibility:hidden"><p style="visibility:visible">text</p></div>',
    '<td bgcolor="#0044cc"><p style="color:#fff">text</p></td>',
    '<td style="background:#0044cc url(x.png)"><p style="color:#fff">text</p></td>',
    '<td background="x.png"><p style="color:#fff">text</p></td>',
    '<style>.btn td{background:#04c}</style><table class=btn><tr><td style="color:#fff">text</td></tr></table>',
    '<div style="color:#fff"><a href="#">text</a></div>',
    '<p style="mso-hide:all">text</p>',
    '<p style="opacity:0.9;margin-left:-20px">text</p>',
  ])('%s', (html) => {
    expect(hidden(html)).toEqual([]);
    expect(read(html).visible.trim()).toBe('text');
  });
});

describe('channels', () => {
  it('keep attributes and comments apart, with entities resolved', () => {
    const { attributes, comments, visible } = read(
      '<img alt="a &amp; b" src="https://x.example/i"><!-- note --><p title="t">x&lt;y</p><script>code()</script>',
    );
    expect(attributes.split('\n')).toEqual(['a & b', 'https://x.example/i', 't']);
    expect(comments).toBe(' note ');
    expect(visible.trim()).toBe('x<y');
  });

  it('separate what stands in two blocks', () => {
    expect(read('<td>a</td><td>b</td><p>c</p>d<br>e').visible.replaceAll(/\n+/g, '|').trim()).toBe('a b|c|d|e');
  });

  it('join a hidden text that is spread over elements', () => {
    expect(hidden('<div hidden><b>one</b> <i>two</i><p>three</p></div>')).toEqual([
      ['hidden_attribute', 'one two three'],
    ]);
  });

  it('tell how much is seen before', () => {
    expect(read('<p>12 ab</p><p hidden>x</p>').hidden[0]?.visibleBefore).toBe(4);
  });

  it('leave pictures out of the attributes', () => {
    const clip = new Clip();
    const { attributes } = htmlChannels(`<img src="data:image/png;base64,${'A'.repeat(3_000_000)}">`, clip);
    expect(attributes).toBe('data:image');
    expect(clip.channels).toEqual([]);
  });

  it('say when the part is too large or nests too deep', () => {
    for (const html of ['x'.repeat(2_000_000), '<b>'.repeat(100_000)]) {
      const clip = new Clip();
      htmlChannels(html, clip);
      expect(clip.channels).toEqual(['html']);
    }
  });
});

describe('links', () => {
  it('have their target, and the text that a person sees', () => {
    const html =
      '<p>Go <a href="https://a.example/?x=1&amp;y=2">to <b>the</b> shop</a> now <img src="https://b.example/p.gif"></p>' +
      '<a href="https://c.example/"><span style="display:none">no</span>yes</a><a name="top">top</a>' +
      '<form action="https://d.example/"></form>';
    expect(read(html).links).toEqual([
      { kind: 'page', target: 'https://a.example/?x=1&y=2', text: 'to the shop' },
      { kind: 'picture', target: 'https://b.example/p.gif', text: '' },
      { kind: 'page', target: 'https://c.example/', text: 'yes' },
      { kind: 'form', target: 'https://d.example/', text: '' },
    ]);
  });
});
