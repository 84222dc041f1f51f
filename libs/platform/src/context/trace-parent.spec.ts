import { describe, expect, test } from '@jest/globals';
import { childTraceparent, newTraceparent, parseTraceparent } from './trace-parent.js';

// The example of W3C Trace Context §3.2.
const EXAMPLE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  test('is read', () => {
    expect(parseTraceparent(EXAMPLE)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentId: 'b7ad6b7169203331',
      flags: '01',
    });
    expect(parseTraceparent(newTraceparent())).not.toBeNull();
  });

  test('of a later version may have more at its end', () => {
    expect(parseTraceparent(`cc${EXAMPLE.slice(2)}-what-the-future-holds`)).not.toBeNull();
  });

  test.each([
    undefined,
    '',
    `${EXAMPLE}-more`,
    `ff${EXAMPLE.slice(2)}`,
    EXAMPLE.toUpperCase(),
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    `${EXAMPLE}\n`,
  ])('%j is not valid, and a new trace is begun', (header) => {
    expect(parseTraceparent(header)).toBeNull();
    expect(parseTraceparent(childTraceparent(header))?.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
  });

  test('the next hop keeps trace and flags, with a parent of its own', () => {
    const child = parseTraceparent(childTraceparent(EXAMPLE));
    expect(child).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', flags: '01' });
    expect(child?.parentId).not.toBe('b7ad6b7169203331');
  });
});
