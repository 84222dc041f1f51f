import { describe, expect, it } from '@jest/globals';
import { parseOptions, PHASES, UsageError } from './parse-options.js';

describe('the command line of the bench', () => {
  it('measures everything by default', () => {
    const { phases, seconds } = parseOptions([]);
    expect([...phases]).toEqual([...PHASES]);
    expect(seconds).toEqual({ baseline: 10, accept: 10, steady: 10, receive: 5, intake: 5, isolation: 30 });
  });

  it('brings the baseline along where a ratio is shown', () => {
    expect(parseOptions(['--only', 'accept']).phases).toEqual(new Set(['accept', 'baseline']));
    expect(parseOptions(['--only', 'start, webhooks']).phases).toEqual(new Set(['start', 'webhooks']));
  });

  it('takes a length, and a short form of all', () => {
    expect(parseOptions(['--seconds', '30']).seconds).toMatchObject({ baseline: 30, accept: 30, steady: 10 });
    expect(parseOptions(['--quick']).seconds).toEqual({
      baseline: 3,
      accept: 3,
      steady: 3,
      receive: 3,
      intake: 3,
      isolation: 3,
    });
  });

  it.each([['--only=all'], ['--seconds=0'], ['--seconds=1.5'], ['--fast'], ['extra']])('refuses %s', (argument) => {
    expect(() => parseOptions([argument])).toThrow(UsageError);
  });
});
