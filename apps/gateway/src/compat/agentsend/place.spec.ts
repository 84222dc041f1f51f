import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import { placeOf } from './place.js';

describe('where a new inbox shall be', () => {
  it.each([
    [undefined, undefined, {}],
    [undefined, 'example.com', { domain: 'example.com' }],
    ['support', undefined, { slug: 'support' }],
    ['support', 'example.com', { slug: 'support', domain: 'example.com' }],
    ['support@example.com', undefined, { slug: 'support', domain: 'example.com' }],
    ['support@Example.com', 'example.com', { slug: 'support', domain: 'Example.com' }],
  ])('address %s and domain %s', (address, domain, place) => {
    expect(placeOf(address, domain)).toEqual(place);
  });

  it('is one place', () => {
    expect(() => placeOf('support@example.org', 'example.com')).toThrow(Problem);
  });
});
