import { describe, expect, it } from '@jest/globals';
import { peopleOf } from './thread.store.js';

describe(peopleOf, () => {
  const nameless = { address: 'ann@example.com', name: null };
  const named = { address: 'Ann@Example.com', name: 'Ann' };
  const other = { address: 'bob@example.com', name: null };

  it.each([
    ['a name that comes later', [nameless, other, named]],
    ['a name that comes first', [named, other, nameless]],
    ['two names, of which the first stays', [named, { ...named, name: 'A.' }, other]],
  ])('has each address once: %s', (_case, stored) => {
    const people = peopleOf(stored);
    expect(people).toHaveLength(2);
    expect(people).toEqual(expect.arrayContaining([named, other]));
  });
});
