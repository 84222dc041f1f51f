import { describe, expect, it } from '@jest/globals';
import { percentile, sustainedRate } from './percentile.js';

describe('percentile', () => {
  it('is the nearest rank, whatever the order of the samples', () => {
    const samples = [...Array(100).keys()].map((index) => 100 - index);
    expect([0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([50, 99, 100]);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('sustained rate', () => {
  it('counts the steps between the first and the last', () => {
    expect(sustainedRate([3000, 1000, 2000])).toBe(1);
    expect(sustainedRate([1000])).toBeNaN();
  });
});
