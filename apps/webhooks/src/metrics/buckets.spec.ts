import { describe, expect, it } from '@jest/globals';
import { bucketsOf } from './buckets.js';

const NOW = Date.parse('2026-11-21T13:25:59.123Z');
const startsOf = (...args: Parameters<typeof bucketsOf>) =>
  bucketsOf(...args).starts.map((start) => start.toISOString());
const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('the buckets of a range', () => {
  it('are the hours and days of UTC that it touches', () => {
    const hours = { since: '2026-11-21T12:59:59+02:00', until: '2026-11-21T12:00:00.001Z', bucket: 'hour' } as const;
    expect(startsOf(hours, NOW)).toEqual([
      '2026-11-21T10:00:00.000Z',
      '2026-11-21T11:00:00.000Z',
      '2026-11-21T12:00:00.000Z',
    ]);
    const days = { since: '2026-11-19T23:59:59.999Z', until: '2026-11-21T00:00:00Z', bucket: 'day' } as const;
    expect(startsOf(days, NOW)).toEqual(['2026-11-19T00:00:00.000Z', '2026-11-20T00:00:00.000Z']);
  });

  it('are the last 24 hours or 30 days, the running one included, when nothing is said', () => {
    const hours = startsOf({ bucket: 'hour' }, NOW);
    expect(hours).toHaveLength(24);
    expect(hours.at(-1)).toBe('2026-11-21T13:00:00.000Z');
    const days = startsOf({ bucket: 'day' }, NOW);
    expect(days).toHaveLength(30);
    expect(days.at(-1)).toBe('2026-11-21T00:00:00.000Z');
  });

  it('end with the last of them', () => {
    expect(bucketsOf({ until: '2026-11-21T10:00:00Z', bucket: 'day' }, NOW).end).toEqual(new Date('2026-11-22'));
    expect(bucketsOf({ until: '2026-11-21T10:00:00Z', bucket: 'hour' }, NOW).end).toEqual(
      new Date('2026-11-21T10:00Z'),
    );
  });

  it.each([
    ['until is not after since', { since: '2026-11-21T12:00:00Z', until: '2026-11-21T12:00:00Z' }, /before until/],
    ['since is in the future', { since: '2027-01-01T00:00:00Z' }, /before until/],
    ['since is before what is kept', { since: '2025-01-01T00:00:00Z' }, /last 400 days/],
    ['until alone leads there', { until: '2024-01-01T00:00:00Z' }, /last 400 days/],
    ['there would be too many', { since: '2026-10-01T00:00:00Z' }, /1000 buckets/],
  ])('are refused when %s', (_, range, message) => {
    expect(thrownBy(() => bucketsOf({ ...range, bucket: 'hour' }, NOW))).toMatchObject({
      httpStatus: 422,
      details: { issues: [{ path: 'since', message: expect.stringMatching(message) }] },
    });
  });
});
