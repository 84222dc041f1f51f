import { expect, test } from '@jest/globals';
import { createFifo } from './fifo.js';

test('keeps the order through many pushes and shifts', () => {
  const fifo = createFifo<number>();
  let next = 0;
  let expected = 0;
  for (let round = 0; round < 50; round++) {
    for (let n = 0; n < 200; n++) fifo.push(next++);
    for (let n = 0; n < 150; n++) expect(fifo.shift()).toBe(expected++);
    expect(fifo.at(0)).toBe(expected);
    expect(fifo.length).toBe(next - expected);
  }
  fifo.clear();
  expect(fifo.shift()).toBeUndefined();
  expect(fifo.length).toBe(0);
});
