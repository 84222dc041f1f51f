import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { notFound, unavailable } from '@postern/platform';
import { EventStream } from './event-stream.js';
import type { LogSlice } from './log-reader.js';

const BEAT_MS = 15_000;
const LONG_MS = 3_600_000;
const opened: EventStream[] = [];

afterEach(() => {
  for (const stream of opened.splice(0)) stream.destroy();
});

/** A log that grows by what is pushed, read in slices of at most `size` events. */
function logOf(size = 10) {
  const log = { length: 0, asked: [] as number[], failure: undefined as Error | undefined };
  const source = async (after: number): Promise<LogSlice> => {
    log.asked.push(after);
    if (log.failure !== undefined) throw log.failure;
    const through = Math.min(log.length, after + size);
    const numbers = Array.from({ length: through - after }, (_, index) => after + index + 1);
    return { frames: Buffer.from(numbers.map((n) => `${n}\n`).join('')), through, hasMore: through < log.length };
  };
  return { log, source };
}

function open(source: (after: number) => Promise<LogSlice>, after = 0): EventStream {
  const stream = new EventStream(source, after);
  opened.push(stream);
  return stream;
}

/** What a reader that takes everything has got. */
function taking(stream: EventStream): { text: string } {
  const got = { text: '' };
  stream.on('data', (chunk: Buffer) => (got.text += chunk.toString()));
  return got;
}

async function settle(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await turn();
}

const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a stream', () => {
  test('tells all that is there, then that it is all, then what comes', async () => {
    const { log, source } = logOf();
    log.length = 25;
    const stream = open(source);
    await stream.begin();
    const got = taking(stream);
    await settle();
    expect(numbersIn(got.text)).toEqual(upTo(25));
    expect(got.text.match(/:\n\n/g)).toHaveLength(1);
    expect(got.text.endsWith(':\n\n')).toBe(true);
    log.length = 27;
    stream.wake();
    await settle();
    expect(numbersIn(got.text)).toEqual(upTo(27));
  });

  test('looks once more when it was called while it looked', async () => {
    const { log, source } = logOf();
    const stream = open(async (after) => {
      const slice = await source(after);
      if (log.length === 0) {
        log.length = 1;
        stream.wake();
      }
      return slice;
    });
    await stream.begin();
    const got = taking(stream);
    await settle();
    expect(numbersIn(got.text)).toEqual([1]);
  });

  test('reads no further than a reader takes, and cuts one that takes nothing', async () => {
    const { log, source } = logOf();
    log.length = 1_000;
    const stream = open(source);
    await stream.begin();
    await settle();
    expect(log.asked.length).toBeLessThanOrEqual(2);
    for (let n = 0; n < 100; n += 1) stream.wake();
    await settle();
    expect(log.asked.length).toBeLessThanOrEqual(2);
    stream.tick(performance.now() + LONG_MS, BEAT_MS);
    expect(stream.destroyed).toBe(true);
  });

  test('shows that it lives, and looks even when nobody called', async () => {
    const { log, source } = logOf();
    const stream = open(source);
    await stream.begin();
    const got = taking(stream);
    await settle();
    const looks = log.asked.length;
    stream.tick(performance.now() + 1_000, BEAT_MS);
    await settle();
    expect([got.text, log.asked.length]).toEqual([':\n\n', looks]);
    log.length = 1;
    stream.tick(performance.now() + LONG_MS, BEAT_MS);
    await settle();
    expect(got.text).toBe(':\n\n:\n\n1\n');
  });

  test('goes on when its source is back, and ends when it never will be', async () => {
    const { log, source } = logOf();
    const stream = open(source);
    await stream.begin();
    const got = taking(stream);
    await settle();
    log.length = 3;
    log.failure = unavailable();
    stream.wake();
    await settle();
    expect([numbersIn(got.text), stream.destroyed]).toEqual([[], false]);
    log.failure = undefined;
    stream.tick(performance.now(), BEAT_MS);
    await settle();
    expect(numbersIn(got.text)).toEqual([1, 2, 3]);
    log.failure = notFound();
    stream.wake();
    await settle();
    expect(stream.destroyed).toBe(true);
  });

  test('ends when it is finished, whatever comes then', async () => {
    const { log, source } = logOf();
    const stream = open(source);
    await stream.begin();
    const ended = new Promise((resolve) => stream.once('end', resolve));
    taking(stream);
    await settle();
    stream.finish();
    log.length = 5;
    stream.wake();
    stream.tick(performance.now() + LONG_MS, BEAT_MS);
    stream.finish();
    await ended;
    expect(stream.errored).toBeNull();
  });
});
