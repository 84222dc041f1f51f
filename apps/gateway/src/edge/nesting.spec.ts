import { describe, expect, it } from '@jest/globals';
import { NESTING_MAX, nestsTooDeep } from './nesting.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('nestsTooDeep', () => {
  it('allows as many levels as it says', () => {
    expect(nestsTooDeep(nested(NESTING_MAX))).toBe(false);
    expect(nestsTooDeep(nested(NESTING_MAX + 1))).toBe(true);
  });

  it('looks into members, and takes what is no container', () => {
    expect(nestsTooDeep({ a: 1, b: [{ c: nested(NESTING_MAX) }] })).toBe(true);
    expect(nestsTooDeep(undefined)).toBe(false);
  });

  it('survives a million levels', () => {
    expect(nestsTooDeep(nested(1_000_000))).toBe(true);
  });
});
