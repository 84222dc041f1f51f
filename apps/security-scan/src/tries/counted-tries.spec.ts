import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Fact } from '@postern/contracts';
import { Reject } from '@postern/eventing';
import { createLogger, unavailable } from '@postern/platform';
import type { TriesStore } from '../store/tries.store.js';
import { CountedTries, TRIES_MAX } from './counted-tries.js';

const fact = { organizationId: 'org_1', mode: 'live', id: 'evt_1' } as Fact;
let counts: Map<string, number>;
let tries: CountedTries;

beforeEach(() => {
  counts = new Map();
  const store: Pick<TriesStore, 'begin' | 'end'> = {
    begin: async ({ id }) => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts.get(id) ?? 0;
    },
    end: async ({ id }) => void counts.delete(id),
  };
  tries = new CountedTries(store as TriesStore, createLogger('test', 'silent'));
});

const giveUp = (): string => 'given up';
const fails = (error: Error) => ({
  judge: async (): Promise<string> => {
    throw error;
  },
  giveUp,
});
const judges = { judge: async () => 'judged', giveUp };

describe('tries', () => {
  it('are not counted the first time, nor when they succeed', async () => {
    await expect(tries.run(fact, false, fails(new TypeError('bug')))).rejects.toThrow('bug');
    expect(await tries.run(fact, true, judges)).toBe('judged');
    expect(counts.size).toBe(0);
  });

  it('are given up after so many failures, and stay so', async () => {
    for (let n = 0; n < TRIES_MAX; n += 1) {
      await expect(tries.run(fact, true, fails(new TypeError('bug')))).rejects.toThrow('bug');
    }
    expect(await tries.run(fact, true, judges)).toBe('given up');
    expect(await tries.run(fact, true, judges)).toBe('given up');
  });

  it.each([unavailable(), new Reject('not what the fact names')])('are not used up by %s', async (error) => {
    for (let n = 0; n <= TRIES_MAX; n += 1) {
      await expect(tries.run(fact, true, fails(error))).rejects.toBe(error);
    }
    expect(counts.size).toBe(0);
  });

  it('count what ends the process: it leaves what was begun', async () => {
    counts.set(fact.id, TRIES_MAX);
    expect(await tries.run(fact, true, judges)).toBe('given up');
  });
});
