import { describe, expect, it } from '@jest/globals';
import { parseSearch } from './parse-search.js';

const word = (text: string) => ({ text, isPhrase: false, isNegated: false });
const phrase = (text: string) => ({ text, isPhrase: true, isNegated: false });
const not = <T extends object>(term: T) => ({ ...term, isNegated: true });

describe(parseSearch, () => {
  it.each([
    ['invoice', [word('invoice')]],
    ['  Paid\tINVOICE ', [word('paid'), word('invoice')]],
    ['"paid late" now', [phrase('paid late'), word('now')]],
    ['a -b -"c d"', [word('a'), not(word('b')), not(phrase('c d'))]],
    ['"never closed', [phrase('never closed')]],
    ['word"phrase"word', [word('word'), phrase('phrase'), word('word')]],
    ['“smart quotes”', [phrase('smart quotes')]],
    ['--x', [not(word('x'))]],
    ['- x', [word('x')]],
    ['e-mail ann@example.com', [word('e-mail'), word('ann@example.com')]],
    ['& | x', [word('x')]],
    ['"" x', [word('x')]],
    ['发票', [word(' 发  票 ')]],
  ])('reads %j', (q, terms) => {
    expect(parseSearch(q)).toEqual(terms);
  });

  it.each(['', '"', '-', '- -', '***', '“”', 'x '.repeat(33)])('refuses %j', (q) => {
    expect(() => parseSearch(q)).toThrow(expect.objectContaining({ code: 'validation_error' }));
  });
});
