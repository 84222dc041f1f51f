import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pollLoop, type Wakeable } from './poll-loop.js';

const INTERVAL_MS = 250;
let loop: Wakeable | undefined;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(async () => {
  await loop?.stop();
  jest.useRealTimers();
});

function start(outcomes: (boolean | Error)[]): { turns: () => number; errors: unknown[] } {
  let turns = 0;
  const errors: unknown[] = [];
  loop = pollLoop({
    intervalMs: INTERVAL_MS,
    work: async () => {
      const outcome = outcomes[turns] ?? false;
      turns += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    onError: (error) => errors.push(error),
  });
  return { turns: () => turns, errors };
}

describe('pollLoop', () => {
  test('works at once while there is more, then at the interval', async () => {
    const { turns } = start([true, true, false]);
    await jest.advanceTimersByTimeAsync(0);
    expect(turns()).toBe(3);
    await jest.advanceTimersByTimeAsync(INTERVAL_MS - 1);
    expect(turns()).toBe(3);
    await jest.advanceTimersByTimeAsync(1);
    expect(turns()).toBe(4);
  });

  test('a wake ends the pause', async () => {
    const { turns } = start([]);
    await jest.advanceTimersByTimeAsync(0);
    loop?.wake();
    await jest.advanceTimersByTimeAsync(0);
    expect(turns()).toBe(2);
  });

  test('a wake during a turn is not lost', async () => {
    let turns = 0;
    loop = pollLoop({
      intervalMs: INTERVAL_MS,
      work: async () => {
        turns += 1;
        if (turns === 2) loop?.wake();
        return turns === 1;
      },
      onError: () => undefined,
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(turns).toBe(3);
  });

  test('backs off from errors, longer each time, and a wake does not hurry it', async () => {
    const { turns, errors } = start([new Error('a'), new Error('b'), false]);
    await jest.advanceTimersByTimeAsync(0);
    loop?.wake();
    await jest.advanceTimersByTimeAsync(99);
    expect(turns()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(turns()).toBe(2);
    await jest.advanceTimersByTimeAsync(199);
    expect(turns()).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(turns()).toBe(3);
    expect(errors).toHaveLength(2);
  });

  test('the back-off ends at 5 s', async () => {
    const { turns } = start(Array.from({ length: 50 }, () => new Error('away')));
    await jest.advanceTimersByTimeAsync(60_000);
    const before = turns();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(turns()).toBe(before + 1);
  });

  test('stop waits for the running turn and begins no other', async () => {
    let end = (): void => undefined;
    let turns = 0;
    loop = pollLoop({
      intervalMs: INTERVAL_MS,
      work: async () => {
        turns += 1;
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        return true;
      },
      onError: () => undefined,
    });
    let stopped = false;
    const stopping = loop.stop().then(() => {
      stopped = true;
    });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stopped).toBe(false);
    end();
    await stopping;
    expect(turns).toBe(1);
  });
});
