import { describe, expect, it } from '@jest/globals';
import { contentIdValue, referencesValue, subjectValue } from './header-values.js';

describe(subjectValue, () => {
  it.each(['', 'Hello', 'Grüße 🚀', `${'word '.repeat(199)}end`])('leaves %j as it is', (subject) => {
    expect(subjectValue(subject)).toBe(subject);
  });

  it.each(['s'.repeat(998), '=?utf-8?Q?Hi=0D=0ABcc:_eve@example.com?='])(
    'encodes what would not stay %j',
    (subject) => {
      const words = subjectValue(subject).split(' ');
      expect(Math.max(...words.map((word) => word.length))).toBeLessThanOrEqual(75);
      const decoded = words.map((word) => Buffer.from(word.slice('=?us-ascii?B?'.length, -2), 'base64').toString());
      expect(decoded.join('')).toBe(subject);
    },
  );
});

describe(referencesValue, () => {
  it('ends in our own id, and names nobody twice', () => {
    expect(referencesValue([], '<own>')).toEqual(['<own>']);
    expect(referencesValue(['<a>', '<own>', '<b>', '<a>'], '<own>')).toEqual(['<a>', '<b>', '<own>']);
  });

  it('keeps the oldest and the nearest of too many', () => {
    const ids = Array.from({ length: 100 }, (_, n) => `<${'i'.repeat(90)}${n}@example.com>`);
    const kept = referencesValue(ids, '<own>');
    expect(kept[0]).toBe(ids[0]);
    expect(kept.slice(-3)).toEqual([ids[98], ids[99], '<own>']);
    expect(kept.join(' ').length).toBeLessThanOrEqual(4000);
  });
});

describe(contentIdValue, () => {
  it('is only what can stand in a header', () => {
    expect(contentIdValue('logo@example.com')).toBe('logo@example.com');
    for (const bad of [null, '', 'a b', 'a\r\nb', '<a>', 'ü', 'x'.repeat(901)]) expect(contentIdValue(bad)).toBeNull();
  });
});
