import { describe, expect, it } from '@jest/globals';
import { foldCase, gramsOfPart, keysOf, subjectGrams } from './search-keys.js';

describe('grams of a subject', () => {
  it.each(['Invoice 2024/11', 'Straße', 'ÄÖÜ', '请付发票款项', 'a🙂b🙂c', 'İstanbul', 'x', ''])(
    'of %j include those of each of its parts',
    (subject) => {
      const grams = new Set(subjectGrams(foldCase(subject)));
      const chars = [...foldCase(subject)];
      for (let start = 0; start < chars.length; start += 1) {
        for (let end = start + 1; end <= chars.length; end += 1) {
          const part = chars.slice(start, end).join('');
          expect(gramsOfPart(part).filter((gram) => !grams.has(gram))).toEqual([]);
        }
      }
    },
  );

  it('are few for a long part', () => {
    expect(gramsOfPart('abcdefghijklmnopqrstuvwxyz'.repeat(7)).length).toBeLessThanOrEqual(24);
  });

  it('are none for one or two characters of ASCII, and those themselves for others', () => {
    expect(gramsOfPart('re')).toEqual([]);
    expect(gramsOfPart('发')).toEqual(['g:发']);
    expect(gramsOfPart('发票')).toEqual(['g:发票']);
  });
});

describe(keysOf, () => {
  it('names what is exact, and leaves out what nobody can ask for', () => {
    const keys = keysOf({
      direction: 'inbound',
      from_address: 'Ann@Example.com',
      to_keys: ['bob@example.com', `${'x'.repeat(400)}@example.com`],
      labels: ['New'],
      subject: 'hey',
      hasAttachments: true,
    });
    expect(keys).toEqual(['d:inbound', 'a:yes', 'f:ann@example.com', 't:bob@example.com', 'l:New', 'g:hey']);
  });
});
