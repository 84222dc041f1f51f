import { describe, expect, it } from '@jest/globals';
import { canonicalJson, hashOfBody } from './canonical-json.js';

describe('canonicalJson', () => {
  it.each([
    ['scalars', 'null', 'null'],
    ['an empty object', ' { } ', '{}'],
    ['members in order of code units', '{"b":1,"a":{"d":2,"c":3},"A":0}', '{"A":0,"a":{"c":3,"d":2},"b":1}'],
    ['arrays as they are', '[ 3, 1, [ 2 ] ]', '[3,1,[2]]'],
    // RFC 8785 §3.2.2 and §3.2.3, and appendix B for the numbers
    [
      'the numbers, strings and literals of the RFC',
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      'the key order of the RFC',
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    ['minus zero', '-0', '0'],
  ])('writes %s', (_what, json, canonical) => expect(canonicalJson(JSON.parse(json))).toBe(canonical));
});

describe('hashOfBody', () => {
  it('is equal for bodies that say the same, and only for them', () => {
    expect(hashOfBody(JSON.parse('{"a":1,"b":[1.0]}'))).toBe(hashOfBody(JSON.parse('{ "b": [1], "a": 1e0 }')));
    expect(hashOfBody({ a: 1 })).not.toBe(hashOfBody({ a: '1' }));
    expect(hashOfBody([1, 2])).not.toBe(hashOfBody([2, 1]));
  });
});
