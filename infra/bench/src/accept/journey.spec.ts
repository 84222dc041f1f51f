import { describe, expect, it } from '@jest/globals';
import { copyFailures } from './journey.js';

describe('the check of copies', () => {
  it('is content with one copy of each', () => {
    expect(copyFailures(new Set(['a', 'b']), new Map(Object.entries({ a: 1, b: 1 })))).toEqual([]);
  });

  it('sees a loss, a double and a stranger, also where the counts agree', () => {
    const failures = copyFailures(new Set(['a', 'b', 'c']), new Map(Object.entries({ a: 2, x: 1 })));
    expect(failures).toEqual([
      '2 accepted messages never reached the sandbox.',
      '1 messages at the sandbox were never accepted.',
      '1 messages reached the sandbox more than once.',
    ]);
  });
});
