import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Readiness } from './readiness.js';

const never = (): Promise<void> => new Promise(() => undefined);

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('Readiness', () => {
  test('is ready when every check passes, or there is none', async () => {
    const readiness = new Readiness();
    expect(await readiness.report()).toEqual({ ready: true, failing: [] });
    readiness.register('database', async () => undefined);
    expect(await readiness.report()).toEqual({ ready: true, failing: [] });
  });

  test('names the checks that throw, reject or take over a second', async () => {
    const readiness = new Readiness();
    readiness.register('nats', async () => {
      throw new Error('away');
    });
    readiness.register('early', () => {
      throw new Error('not even begun');
    });
    readiness.register('database', never);
    readiness.register('well', async () => undefined);
    const report = readiness.report();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await report).toEqual({ ready: false, failing: ['database', 'early', 'nats'] });
  });

  test('looks once for probes that come together, and again after 250 ms', async () => {
    const readiness = new Readiness();
    const check = jest.fn(async () => undefined);
    readiness.register('database', check);
    await Promise.all([readiness.report(), readiness.report()]);
    await readiness.report();
    expect(check).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(250);
    await readiness.report();
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('forgets a check that was taken away', async () => {
    const readiness = new Readiness();
    const remove = readiness.register('gone', async () => {
      throw new Error('away');
    });
    remove();
    expect(await readiness.report()).toEqual({ ready: true, failing: [] });
  });
});
