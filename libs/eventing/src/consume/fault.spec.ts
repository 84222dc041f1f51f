import { describe, expect, it } from '@jest/globals';
import { AppError, conflict, unavailable } from '@postern/platform';
import { decide, Reject, TRIES_MAX } from './fault.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe(decide, () => {
  it.each([
    ['a rejection', new Reject('never'), 1, 'dead'],
    ['a bug, first time', new TypeError('x is undefined'), 1, 'retry'],
    ['a bug, last time', new TypeError('x is undefined'), TRIES_MAX, 'dead'],
    ['the database away, for long', withCode('ECONNREFUSED'), 1_000, 'retry'],
    ['the database shutting down', withCode('57P01'), 1_000, 'retry'],
    ['a deadlock', withCode('40P01'), 1_000, 'retry'],
    ['too many connections', withCode('53300'), 1_000, 'retry'],
    ['another service away', unavailable(), 1_000, 'retry'],
    ['a refusal that stays', conflict('invalid_state', 'No.'), TRIES_MAX, 'dead'],
    ['a broken constraint, first time', withCode('23505'), 1, 'retry'],
    ['a broken constraint, last time', withCode('23505'), TRIES_MAX, 'dead'],
    ['something that is no error', 'text', 1, 'retry'],
  ] as [string, unknown, number, string][])('%s', (_what, error, deliveries, kind) => {
    expect(decide(error, deliveries).kind).toBe(kind);
  });

  it('waits longer each time, within bounds', () => {
    const delays = Array.from({ length: TRIES_MAX - 1 }, (_, index) => {
      const verdict = decide(new Error('bug'), index + 1);
      return verdict.kind === 'retry' ? verdict.delayMs : 0;
    });
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays[0]).toBe(250);
    const away = decide(new AppError({ code: 'unavailable', message: '', httpStatus: 503, temporary: true }), 1_000);
    expect(away).toEqual({ kind: 'retry', delayMs: 10_000 });
  });
});
