import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CommandContext, newId } from '@postern/contracts';
import type { Database, Tx } from '@postern/platform';
import { callerOf, testDatabase, untilDone } from '@postern/testing';
import { IdempotencyKeys } from '../src/idempotency/idempotency-keys.js';
import { Idempotent, Replay } from '../src/index.js';
import { migrations } from './probe.service.js';

const organizationId = newId('org');

let database: Database;
let stop: () => Promise<void>;
let idempotent: Idempotent;

beforeAll(async () => {
  ({ database, stop } = await testDatabase({ schema: 'probe', migrations, poolSize: 4 }));
  idempotent = new Idempotent(new IdempotencyKeys(database), database);
});

afterAll(() => stop());

const withKey = (key: string, bodyHash = 'a'): CommandContext =>
  callerOf({ organizationId, idempotency: { scope: 'POST /notes', key, bodyHash } });

/** Notes an address under a name, which stands in the place of an id. */
const note = (context: CommandContext, name: string, address: string): Promise<string | Replay<string>> =>
  idempotent.once(context, {
    resourceId: name,
    work: async (tx) => {
      await write(tx, name, address);
      return address;
    },
    replay: read,
  });

const write = (tx: Tx, name: string, address: string) =>
  tx.query('INSERT INTO notes (event_id, address) VALUES ($1, $2)', [name, address]);

async function read(name: string): Promise<string> {
  const notes = await database.query<{ address: string }>('SELECT address FROM notes WHERE event_id = $1', [name]);
  return notes.map(({ address }) => address).join();
}

describe('work with an idempotency key', () => {
  it('is done once; a repeat shows what it made', async () => {
    const context = withKey('once');
    expect(await idempotent.earlier(context, read)).toBeNull();
    expect(await note(context, 'first', 'ann@example.com')).toBe('ann@example.com');
    expect(await note(context, 'second', 'bob@example.com')).toEqual(new Replay('ann@example.com'));
    expect(await idempotent.earlier(context, read)).toEqual(new Replay('ann@example.com'));
    expect(await read('second')).toBe('');
  });

  it('is done by one of many calls at the same time', async () => {
    const context = withKey('at once');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        untilDone(() => note(context, `of many ${index}`, `${index}@example.com`)),
      ),
    );
    const [made, ...others] = answers.filter((answer) => !(answer instanceof Replay));
    expect(others).toEqual([]);
    expect(answers.filter((answer) => answer instanceof Replay)).toEqual(
      Array.from({ length: 7 }, () => new Replay(made)),
    );
    expect(await database.query(`SELECT 1 FROM notes WHERE event_id LIKE 'of many%'`)).toHaveLength(1);
  });

  it('is to be asked for again while another call with its key goes on for long', async () => {
    const context = withKey('in flight');
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const work = async (): Promise<string> => {
      begun.resolve();
      await end.promise;
      return 'worked';
    };
    const slow = idempotent.once(context, { resourceId: 'slow', work, replay: async (name) => name });
    await begun.promise;
    const told = { code: 'idempotency_in_progress', httpStatus: 409, retryAfterSeconds: 1 };
    await expect(note(context, 'impatient', 'ann@example.com')).rejects.toMatchObject(told);
    end.resolve();
    expect(await slow).toBe('worked');
    expect(await idempotent.earlier(context, async (name) => name)).toEqual(new Replay('slow'));
    expect(await read('impatient')).toBe('');
  });

  it('leaves the key to others when it fails', async () => {
    const context = withKey('fails');
    const work = async (): Promise<string> => {
      throw new Error('no luck');
    };
    await expect(idempotent.once(context, { resourceId: 'none', work, replay: read })).rejects.toThrow('no luck');
    expect(await note(context, 'after', 'ann@example.com')).toBe('ann@example.com');
  });

  it('undoes what it did before it met the key of another call', async () => {
    const context = withKey('found');
    const attempt = (name: string) =>
      idempotent.onceFound(context, {
        work: async (tx, take) => {
          await write(tx, name, `${name}@example.com`);
          await take(name);
          return 'worked';
        },
        replay: read,
      });
    expect(await attempt('one')).toBe('worked');
    expect(await attempt('two')).toEqual(new Replay('one@example.com'));
    expect(await read('two')).toBe('');
  });

  it('is refused when the key was used with another body', async () => {
    await note(withKey('body', 'a'), 'body', 'ann@example.com');
    const other = withKey('body', 'b');
    const conflict = { code: 'idempotency_conflict' };
    await expect(idempotent.earlier(other, read)).rejects.toMatchObject(conflict);
    await expect(note(other, 'other', 'ann@example.com')).rejects.toMatchObject(conflict);
  });

  it('without a key is done every time', async () => {
    const context = callerOf();
    await note(context, 'free', 'ann@example.com');
    expect(await note(context, 'free', 'bob@example.com')).toBe('bob@example.com');
    expect(await read('free')).toBe('ann@example.com,bob@example.com');
  });
});
