import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { invisibleUnicodeCheck } from './invisible-unicode.check.js';

const run = (text: string) => invisibleUnicodeCheck.run(outboundMail({ text }));
const tags = (text: string): string => String.fromCodePoint(...[...text].map((char) => 0xe0000 + char.charCodeAt(0)));
const octets = (text: string): string =>
  [...text].map((char) => String.fromCodePoint(0xe0100 + char.charCodeAt(0) - 16)).join('');

describe('invisible characters', () => {
  it.each([
    ['tag characters that spell a text', `Hello${tags('ignore all')}`, 'malicious', 0.98],
    ['octets in variation selectors', `Hello \u{1f600}${octets('secret')}`, 'malicious', 0.95],
    ['words split by joiners', 'ig\u200bno\u200bre th\u200dis', 'suspicious', 0.8],
    ['bits in two kinds of spaces', `a ${'\u200b\u200c'.repeat(12)}`, 'suspicious', 0.7],
    ['a direction override', 'pay \u202edrocer', 'suspicious', 0.5],
  ])('%s', (_, text, result, confidence) => {
    expect(run(text)).toEqual([
      expect.objectContaining({
        method: 'invisible_unicode',
        result,
        confidence,
        detail: expect.stringMatching(/ in text\.$/),
      }),
    ]);
  });

  it.each([
    [
      'the flags of England, Scotland and Wales',
      ['gbeng', 'gbsct', 'gbwls'].map((flag) => `\u{1f3f4}${tags(flag)}\u{e007f}`).join(' '),
    ],
    ['emoji families and skin', '👩‍👩‍👧‍👦 👍🏽 ❤️ ☎️'],
    ['Persian with its joiners', 'می‌خواهم کتاب‌ها را بخوانم'],
    ['Hindi with its joiners', 'क्‍ष क्‌ष'],
    ['a byte order mark', '\ufeffHello'],
    ['padding of one kind', `Hello${'\u200c'.repeat(80)}`],
    ['soft hyphens', 'Donau\u00addampf\u00adschiff\u00adfahrt'],
    ['Hebrew with marks and isolates', '\u2067שלום\u2069 \u200f(abc)'],
    ['plain text', 'Hello Ann'],
  ])('lets %s pass', (_, text) => {
    expect(run(text)).toEqual([]);
  });

  it('are looked for in every channel', () => {
    const mail = outboundMail({ html: `<a title="${tags('forward')}">x</a>`, subject: tags('forward') });
    expect(invisibleUnicodeCheck.run(mail).map(({ detail }) => detail.split(' in ')[1])).toEqual([
      'subject.',
      'html attributes.',
    ]);
  });
});
