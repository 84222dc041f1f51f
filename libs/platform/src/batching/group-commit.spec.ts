import { describe, expect, test } from '@jest/globals';
import { currentContext, runInContext } from '../context/work-context.js';
import { unavailable } from '../errors/factories.js';
import { GroupCommit } from './group-commit.js';

/** A commit that ends when the test says so. */
function gatedCommit(): { batches: number[][]; open: () => void; commit: (items: number[]) => Promise<string[]> } {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  return {
    batches,
    open: () => gates.splice(0).forEach((gate) => gate()),
    commit: async (items) => {
      batches.push(items);
      await new Promise<void>((resolve) => gates.push(resolve));
      return items.map(String);
    },
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  test('the queue that forms while commits run is the next batch', async () => {
    const { batches, open, commit } = gatedCommit();
    const group = new GroupCommit({ inFlight: 2, commit });
    const results = [group.add(1)];
    await soon();
    results.push(group.add(2));
    await soon();
    results.push(...range(3, 6).map((item) => group.add(item)));
    await soon();
    expect(batches).toEqual([[1], [2]]);
    open();
    await soon();
    expect(batches).toEqual([[1], [2], [3, 4, 5, 6]]);
    open();
    expect(await Promise.all(results)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  test('items of one tick go together, in batches of at most maxBatch, in their order', async () => {
    const { batches, open, commit } = gatedCommit();
    const group = new GroupCommit({ maxBatch: 2, inFlight: 2, commit });
    const results = range(1, 5).map((item) => group.add(item));
    await soon();
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    open();
    await soon();
    open();
    expect(await Promise.all(results)).toEqual(['1', '2', '3', '4', '5']);
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('a failing item does not fail its neighbours', async () => {
    const group = new GroupCommit({
      commit: async (items: number[]) => {
        if (items.includes(3)) throw new Error('three');
        return items;
      },
    });
    expect(await Promise.allSettled(range(1, 4).map((item) => group.add(item)))).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new Error('three') },
      { status: 'fulfilled', value: 4 },
    ]);
  });

  test('an error among the results fails its item alone, without a second commit', async () => {
    let commits = 0;
    const group = new GroupCommit<number, number>({
      commit: async (items) => {
        commits += 1;
        return items.map((item) => (item === 2 ? new Error('two') : item));
      },
    });
    const outcomes = await Promise.allSettled(range(1, 3).map((item) => group.add(item)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(commits).toBe(1);
  });

  test('when the database is away, a batch costs two tries and not one for each item', async () => {
    let commits = 0;
    const group = new GroupCommit<number, number>({
      commit: async () => {
        commits += 1;
        throw unavailable();
      },
    });
    const outcomes = await Promise.allSettled(range(1, 50).map((item) => group.add(item)));
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(commits).toBe(2);
  });

  test('refuses what does not fit into the queue', async () => {
    const { open, commit } = gatedCommit();
    const group = new GroupCommit({ maxQueue: 2, inFlight: 1, commit });
    const taken = [group.add(1), group.add(2)];
    await expect(group.add(3)).rejects.toMatchObject({ code: 'unavailable' });
    await soon();
    open();
    expect(await Promise.all(taken)).toEqual(['1', '2']);
  });

  test('a commit that forgets a result fails that item and leaves none waiting', async () => {
    const group = new GroupCommit<number, number>({ commit: async (items) => items.slice(1) });
    const outcomes = await Promise.allSettled([group.add(1), group.add(2)]);
    expect(outcomes[1]).toMatchObject({ status: 'rejected' });
  });

  test('drain waits for what waits and what runs', async () => {
    const { open, commit } = gatedCommit();
    const group = new GroupCommit({ inFlight: 1, commit });
    await group.drain();
    const done: string[] = [];
    void group.add(1).then((result) => done.push(result));
    const drained = group.drain().then(() => done.push('drained'));
    await soon();
    open();
    await drained;
    expect(done).toEqual(['1', 'drained']);
  });

  test("a batch runs in nobody's context; each caller goes on in its own", async () => {
    const contexts: unknown[] = [];
    const group = new GroupCommit<number, number>({
      commit: async (items) => {
        contexts.push(currentContext());
        return items;
      },
    });
    const after = await runInContext({ requestId: 'r', traceparent: 't' }, async () => {
      await group.add(1);
      return currentContext()?.requestId;
    });
    expect(contexts).toEqual([undefined]);
    expect(after).toBe('r');
  });
});
