import { describe, expect, it } from '@jest/globals';
import { forwardedContent } from './forwarded-content.js';

const original = {
  from_address: 'ann@example.com',
  from_name: 'Ann <b>',
  to_list: [{ address: 'agent@postern.test', name: null }],
  cc_list: [],
  subject: 'Hello\nBcc: eve@example.com',
  created_at: new Date('2026-11-21T12:00:00Z'),
  text_body: 'First line\nSecond < line',
  html_body: null as string | null,
};
const BLOCK = [
  '---------- Forwarded message ----------',
  'From: Ann <b> <ann@example.com>',
  'Date: Sat, 21 Nov 2026 12:00:00 GMT',
  'Subject: Hello Bcc: eve@example.com',
  'To: agent@postern.test',
].join('\n');

describe(forwardedContent, () => {
  it('is the own words, who wrote what to whom, and the text', () => {
    expect(forwardedContent(original, { text: 'See below.' })).toEqual({
      text: `See below.\n\n${BLOCK}\n\nFirst line\nSecond < line`,
    });
    expect(forwardedContent(original, {}).text).toBe(`${BLOCK}\n\nFirst line\nSecond < line`);
  });

  it('has HTML where the message or the own words have it, with everything else escaped', () => {
    const { text, html } = forwardedContent(original, { html: '<p>See <b>below</b>.</p>' });
    expect(text).toMatch(/^See below\.\n\n---/);
    expect(html).toMatch(/^<p>See <b>below<\/b>\.<\/p><div>/);
    expect(html).toContain('<b>From:</b> Ann &lt;b&gt; &lt;ann@example.com&gt;');
    expect(html).toContain('Second &lt; line');
  });

  it('stands inside the body of a whole document', () => {
    const html_body = '<!doctype html><html><head><style>p{}</style></head><body class="x"><p>Hi</p></body></html>';
    const { html } = forwardedContent({ ...original, html_body }, { text: 'Mine & yours' });
    expect(html).toMatch(
      /^<!doctype html><html><head><style>p{}<\/style><\/head><body class="x"><div[^>]*>Mine &amp; yours/,
    );
    expect(html).toMatch(/<p>Hi<\/p><\/body><\/html>$/);
  });
});
