import { describe, expect, it } from '@jest/globals';
import { Slug } from '@postern/contracts';
import { randomSlug } from './random-slug.js';

describe(randomSlug, () => {
  it('makes slugs that the contract takes', () => {
    for (let round = 0; round < 200; round += 1) expect(Slug.safeParse(randomSlug()).success).toBe(true);
  });
});
