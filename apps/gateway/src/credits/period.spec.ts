import { describe, expect, it } from '@jest/globals';
import { lowestIdAt } from '@postern/contracts';
import { boundsOf, periodAt, periodOf } from './period.js';

describe('a period', () => {
  it.each([
    ['2026-11-30T23:59:59.999Z', '2026-11-01'],
    ['2026-12-01T00:00:00.000Z', '2026-12-01'],
    ['2026-12-31T23:59:59.999-01:00', '2027-01-01'],
  ])('of %s is %s, for a message of that time too', (at, period) => {
    expect(periodAt(new Date(at))).toBe(period);
    expect(periodOf(lowestIdAt('msg', new Date(at)))).toBe(period);
  });

  it('ends where the next one begins', () => {
    const { start, end } = boundsOf('2026-12-01');
    expect([start, end].map((at) => at.toISOString())).toEqual([
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ]);
  });
});
