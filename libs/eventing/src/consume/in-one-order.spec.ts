import { expect, test } from '@jest/globals';
import { inOneOrder } from './in-one-order.js';

const named = (...names: string[]) => names.map((name, place) => ({ name, place }));

test('items come in the order of their keys, whatever order they came in', () => {
  const keys = (items: ReturnType<typeof named>) => inOneOrder(items, ({ name }) => name).map(({ name }) => name);
  expect(keys(named('b', 'a', 'c'))).toEqual(['a', 'b', 'c']);
  expect(keys(named('c', 'b', 'a'))).toEqual(keys(named('b', 'c', 'a')));
});

test('those with the same key stay as they came', () => {
  expect(inOneOrder(named('b', 'a', 'b', 'a'), ({ name }) => name).map(({ place }) => place)).toEqual([1, 3, 0, 2]);
});
