import { describe, expect, it } from '@jest/globals';
import { visibleHtml } from './visible-html.js';

const seen = (html: string): string => visibleHtml(html, 10_000).html;

describe('the HTML that a person sees', () => {
  it.each([
    ['<p>a<b>b</b></p>', '<p>a<b>b</b></p>'],
    ['<p>a<!-- b --></p><style>p{color:red}</style><script>c()</script>', '<p>a</p>'],
    ['<p>a</p><div style="display:none"><a href="https://x.example">b</a><img alt=c></div>', '<p>a</p>'],
    ['<style>.h{display:none}</style><p class=h>b</p><p class=s>a</p>', '<p>a</p>'],
    ['<div style="visibility:hidden">b<p style="visibility:visible">a</p></div>', '<div><p>a</p></div>'],
    ['<a style="font-size:0" href="https://x.example/?q=b">c</a>a', 'a'],
    ['<p onclick="b()" style="x" title="c" dir="rtl">a</p>', '<p dir="rtl">a</p>'],
    ['<td style="color:#fff">b</td>', ''],
    ['<form action=x><textarea>a</textarea><input value=b></form>', 'a'],
    ['<svg><title>b</title><text>a</text></svg><math>c</math>', 'ac'],
    [
      'a &lt;script&gt; &amp;lt; <a href="https://x?a=1&amp;b=&quot;">c',
      'a &lt;script&gt; &amp;lt; <a href="https://x?a=1&amp;b=&quot;">c</a>',
    ],
    ['<img src="cid:1" alt="a" width=1><br/>', '<img src="cid:1" alt="a"><br>'],
    ['<a href="javascript:x()">a</a><a href="//x.example">b</a>', '<a>a</a><a>b</a>'],
    [
      '<a href=" https://x.example ">a</a><img src="https://x.example/p" alt=b>',
      '<a href="https://x.example">a</a><img alt="b">',
    ],
    ['<p>a', '<p>a</p>'],
  ])('of %s is %s', (html, expected) => {
    expect(seen(html)).toBe(expected);
  });

  it('does not change when it is written again', () => {
    const once = seen('<table><tr><td>a &amp; b<td>c</table><p>d<p>e<a href=https://x>f</a>');
    expect(seen(once)).toBe(once);
  });

  it('says when it is only the beginning', () => {
    expect(visibleHtml('<p>abc</p>', 5)).toEqual({ html: '<p>ab</p>', cut: true });
    expect(visibleHtml('<b>'.repeat(20_000), 100_000).cut).toBe(true);
  });
});
