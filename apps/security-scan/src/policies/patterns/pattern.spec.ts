import { describe, expect, it } from '@jest/globals';
import { readPattern, stretchesOf } from './pattern.js';

const problemOf = (text: string): string => {
  const verdict = readPattern(text);
  return 'problem' in verdict ? verdict.problem : 'none';
};
const fits = (text: string, said: string): boolean => {
  const verdict = readPattern(text);
  if ('problem' in verdict) throw new Error(verdict.problem);
  return verdict.pattern.test(said);
};

describe('a pattern', () => {
  it.each([
    ['\\bproject (alpha|beta)\\b', 'about project beta.', true],
    ['(?i)secret', 'Top SECRET', true],
    ['secret', 'Top SECRET', false],
    ['^IBAN:', 'Hello\nIBAN: DE', true],
    ['\\p{Greek}{3}', 'αβγ', true],
    ['\\d{4}-\\d{2}', '2026-1', false],
  ])('%s, in %j: %s', (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected);
  });

  it.each([
    ['(?=a)b', 'look-ahead'],
    ['(?<!a)b', 'look-behind'],
    ['(a)\\1', 'back-reference'],
    ['a{1000}', 'simpler'],
    ['((a{10}){10}){10}', 'simpler'],
    ['(a{100}){100}', 'RE2'],
    ['(', 'RE2'],
    ['[z-a]', 'RE2'],
    [`${'('.repeat(240)}a${')'.repeat(240)}`, 'simpler'],
  ])('%s is refused: %s', (pattern, why) => {
    expect(problemOf(pattern)).toContain(why);
  });

  it.each(['(a+)+[bc]', '(a|a)*[bc]', '([a-z]+)*\\d', '(.*)*[bc]', '(a?){30}a{30}[bc]'])(
    'that would take others for ever does not: %s',
    (pattern) => {
      for (const stretch of stretchesOf('a'.repeat(1024 * 1024))) expect(fits(pattern, stretch)).toBe(false);
    },
  );
});

describe('stretches of a text', () => {
  const lines = (count: number, length: number): string =>
    Array.from({ length: count }, (_, n) => `${n} `.padEnd(length, 'x')).join('\n');

  it('are the text itself when it is short', () => {
    expect([...stretchesOf('')]).toEqual(['']);
    expect([...stretchesOf('short')]).toEqual(['short']);
  });

  it('hold every line whole, and begin at lines', () => {
    const text = lines(5000, 100);
    const stretches = [...stretchesOf(text)];
    expect(stretches.length).toBeGreaterThan(5);
    const whole = new Set(stretches.flatMap((stretch) => stretch.split('\n')));
    expect(text.split('\n').filter((line) => !whole.has(line))).toEqual([]);
    expect(stretches.every((stretch) => /^\d+ x/.test(stretch))).toBe(true);
  });

  it('overlap where there are no lines', () => {
    const text = Array.from({ length: 20_000 }, (_, n) => String(n).padStart(9, '.')).join('');
    const stretches = [...stretchesOf(text)];
    const at = 16 * 1024 - 500;
    expect(stretches.some((stretch) => stretch.includes(text.slice(at, at + 1000)))).toBe(true);
    expect(text.endsWith(stretches.at(-1) ?? 'none')).toBe(true);
  });
});
