import { describe, expect, it } from '@jest/globals';
import { redactHtml } from './redact-html.js';
import type { RedactedKinds } from './redact-text.js';

const ALL: RedactedKinds = new Set(['email', 'phone', 'ssn', 'card']);
const EMAIL = '[email address removed]';
const CARD = '[card number removed]';

describe('HTML without personal data', () => {
  it.each([
    ['in text', '<p class="a">Write to ann@example.com!</p>', `<p class="a">Write to ${EMAIL}!</p>`],
    ['twice', '<p>a@example.com, b@example.com</p>', `<p>${EMAIL}, ${EMAIL}</p>`],
    ['over tags in a line', '<p>4111 1111 <b>1111</b> 1111 ok</p>', `<p>${CARD}<b></b> ok</p>`],
    ['as entities', '<p>ann&#64;example.com &amp; &lt;b></p>', `<p>${EMAIL} &amp; &lt;b></p>`],
    ['in a comment', '<p>x<!-- ann@example.com --></p>', '<p>x</p>'],
    ['in text that is shown', '<img alt="ann@example.com" src="cid:1">', `<img alt="${EMAIL}" src="cid:1">`],
    ['in a contact', "<a href='mailto:ann@example.com'>Ann</a>", '<a href="#">Ann</a>'],
    ['in a query', '<a href="https://x.example/?to=ann%40example.com">Ann</a>', '<a href="#">Ann</a>'],
    ['hidden', '<p style="display:none">ann@example.com</p>', `<p style="display:none">${EMAIL}</p>`],
    ['in a style', '<style>/* ann@example.com */</style>', `<style>/* ${EMAIL} */</style>`],
  ])('%s', (_where, html, expected) => {
    expect(redactHtml(html, ALL)).toBe(expected);
    expect(redactHtml(expected, ALL)).toBe(expected);
  });

  it.each([
    '<p>4111</p><p>1111</p><p>1111</p><p>1111</p>',
    '<a href="https://x.example/orders/2025550123">Order</a>',
    '<P  Title = x >Nothing &nbsp; here<br></P >',
    '<p>broken <b <i>&#x;',
    '',
  ])('stays octet by octet where there is none: %s', (html) => {
    expect(redactHtml(html, ALL)).toBe(html);
  });

  it('is made in time that grows with the HTML', () => {
    const piece = '<p title="x">ann@example.com <b>4111 1111</b> 1111 1111</p>';
    expect(redactHtml(piece.repeat(10_000), ALL)).not.toContain('@example.com');
  });
});
