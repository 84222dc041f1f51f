import { describe, expect, it } from '@jest/globals';
import { unauthorized } from '@postern/platform';
import { OpenWait } from './open-wait.js';

const LONG_MS = 60_000;

describe(OpenWait, () => {
  it('looks once more for a change that comes during a look', async () => {
    const wait = new OpenWait();
    let looks = 0;
    const found = wait.run(async () => {
      looks += 1;
      if (looks === 1) wait.wake();
      return looks === 2 ? 'there' : null;
    }, LONG_MS);
    expect(await found).toBe('there');
  });

  it('takes a last look when it is ended during a look', async () => {
    const wait = new OpenWait();
    let looks = 0;
    const found = wait.run(async () => {
      looks += 1;
      wait.end();
      return null;
    }, LONG_MS);
    expect(await found).toBeNull();
    expect(looks).toBe(2);
  });

  it('looks no more when it is abandoned, also before it began', async () => {
    for (const failure of [undefined, unauthorized()]) {
      const wait = new OpenWait();
      wait.abandon(failure);
      const found = wait.run(() => Promise.reject(new Error('looked')), LONG_MS);
      if (failure === undefined) expect(await found).toBeNull();
      else await expect(found).rejects.toBe(failure);
    }
  });

  it('gives what a look found although it was abandoned meanwhile', async () => {
    const wait = new OpenWait();
    const found = wait.run(async () => {
      wait.abandon(unauthorized());
      return 'there';
    }, LONG_MS);
    expect(await found).toBe('there');
  });
});
