import { describe, expect, it } from '@jest/globals';
import { waitSecondsOf } from './prefer.js';

describe(waitSecondsOf, () => {
  it.each([
    ['wait=10', 10],
    ['wait = 10', 10],
    ['Wait="7"', 7],
    ['respond-async, wait=5', 5],
    ['respond-async; a="b, wait=9", wait=5; x=y', 5],
    ['wait=0', 0],
    ['wait=30', 30],
    ['wait=31', 30],
    ['wait=999999999', 30],
    ['wait=2, wait=9', 2],
    [['respond-async', 'wait=4'], 4],
  ])('reads %j', (header, seconds) => {
    expect(waitSecondsOf(header)).toBe(seconds);
  });

  it.each([
    undefined,
    '',
    'wait',
    'wait=',
    'wait=x',
    'wait=-1',
    'wait=1.5',
    'wait=1e3',
    'waits=3',
    'wait=9999999999',
    ',,;=',
  ])('finds no wish to wait in %j', (header) => {
    expect(waitSecondsOf(header)).toBeNull();
  });

  it('reads a long header in a moment', () => {
    const started = process.cpuUsage();
    waitSecondsOf('"'.repeat(16_000));
    waitSecondsOf(`a${' '.repeat(16_000)}b`);
    // Of the processor's time: a busy machine has less of it.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(1_000);
  });
});
