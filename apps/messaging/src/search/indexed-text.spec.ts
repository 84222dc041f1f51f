import { describe, expect, it } from '@jest/globals';
import { indexedText, joined, parted, partedName, wordsOf, type SearchedMessage } from './indexed-text.js';

const message = (given: Partial<SearchedMessage>): SearchedMessage => ({
  subject: null,
  from_address: 'ann.lee@example.com',
  from_name: null,
  text_body: null,
  html_body: null,
  filenames: [],
  attachment_text: null,
  ...given,
});
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

describe(wordsOf, () => {
  it.each([
    ['Grüße, ANN', ['grüße,', 'ann']],
    ['said “yes” – twice', ['said', 'yes', 'twice']],
    ['请付款', ['请', '付', '款']],
    ['a<b>c', ['a', 'b', 'c']],
    ['e\u0301té', ['été']],
  ])('of %j', (text, expected) => {
    expect(words(wordsOf(text))).toEqual(expected);
  });
});

describe('parting for highlights', () => {
  it.each(['ann.lee@example.com', 'a “b” 请付款 <c>', 'plain', ''])('loses nothing of %j', (text) => {
    expect(joined(parted(text))).toBe(text);
    expect(joined(partedName(text))).toBe(text);
  });
});

describe(indexedText, () => {
  it('takes names whole and in parts', () => {
    const { title } = indexedText(message({ subject: 'Hi', from_name: 'Ann Lee', filenames: ['Lease_2024-v2.pdf'] }));
    expect(words(title)).toEqual(
      expect.arrayContaining([
        'hi',
        'ann',
        'lee',
        'ann.lee@example.com',
        'example',
        'com',
        'lease',
        '2024',
        'v2',
        'pdf',
      ]),
    );
  });

  it('takes HTML only where it says more than the text', () => {
    const html_body = '<p class="x">Paid&nbsp;<b>late</b></p>';
    expect(words(indexedText(message({ text_body: 'Paid late.', html_body })).body)).toEqual(['paid', 'late.']);
    expect(words(indexedText(message({ text_body: 'See below', html_body })).body)).toEqual([
      'see',
      'below',
      'paid',
      'late',
    ]);
    expect(words(indexedText(message({ html_body })).body)).toEqual(['paid', 'late']);
  });

  it('never ends with half a character', () => {
    const { body } = indexedText(message({ text_body: `${'x'.repeat(249_999)}😀` }));
    expect(body.isWellFormed()).toBe(true);
  });

  it('reads hostile markup in a moment', () => {
    const started = process.cpuUsage();
    indexedText(message({ html_body: '<'.repeat(500_000) }));
    indexedText(message({ html_body: '&'.repeat(500_000), text_body: '“'.repeat(250_000) }));
    // Of the processor's time: a busy machine has less of it.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});
