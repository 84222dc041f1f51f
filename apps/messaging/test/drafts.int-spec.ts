import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateDraft,
  type CommandContext,
  type CreateDraftBody,
  type Draft,
  GetDraft,
  type Inbox,
  ListMessages,
  type Message,
  newId,
  SendDraft,
  UpdateDraft,
} from '@postern/contracts';
import { callerOf, type ServiceUnderTest } from '@postern/testing';
import { Acceptance } from '../src/send/acceptance.js';
import { Harness } from './harness.js';

let harness: Harness;
let sut: ServiceUnderTest;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  harness = await Harness.start();
  sut = harness.sut;
  caller = callerOf();
  inbox = await harness.newInbox(caller);
});
afterAll(() => harness.stop());

const draftOf = (body: Partial<CreateDraftBody> = {}): Promise<Draft> => {
  const to = [{ address: 'ann@example.com', name: null }];
  return sut.ask(CreateDraft, caller, { inbox: inbox.id, body: { to, text: 'Draft', ...body } });
};
const get = ({ id }: Draft): Promise<Draft> => sut.ask(GetDraft, caller, { id });
const send = ({ id }: Draft, context = caller): Promise<Message> =>
  sut.ask(SendDraft, context, { id, messageId: newId('msg'), inDoubt: 'resend' });
const messages = async (): Promise<Message[]> => {
  const query = { limit: 100 };
  return (await sut.ask(ListMessages, caller, { inbox: inbox.id, query, readWithheld: true })).data;
};

/** Lets a statement fail while some work is done, as a kill in the middle of the transaction would. */
async function failing(statement: 'INSERT ON messages' | 'DELETE ON drafts', work: () => Promise<void>): Promise<void> {
  const [action, table] = statement.split(' ON ');
  await sut.database.query(
    `CREATE FUNCTION fail_now() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'now'; END $$`,
  );
  await sut.database.query(
    `CREATE TRIGGER fail_now BEFORE ${action} ON ${table} FOR EACH ROW EXECUTE FUNCTION fail_now()`,
  );
  try {
    await work();
  } finally {
    await sut.database.query(`DROP TRIGGER fail_now ON ${table}`);
    await sut.database.query(`DROP FUNCTION fail_now`);
  }
}

describe('the draft and its message', () => {
  it.each(['INSERT ON messages', 'DELETE ON drafts'] as const)(
    'change places in one transaction: %s fails, and nothing has happened',
    async (statement) => {
      const draft = await draftOf();
      const before = await messages();
      const context = { ...caller, idempotency: { key: statement, scope: 'send', bodyHash: 'x' } };
      await failing(statement, async () => {
        await expect(send(draft, context)).rejects.toMatchObject({ httpStatus: 500 });
      });
      expect(await get(draft)).toEqual(draft);
      expect(await messages()).toEqual(before);
      const message = await send(draft, context);
      await expect(get(draft)).rejects.toMatchObject({ code: 'not_found' });
      expect(await messages()).toHaveLength(before.length + 1);
      expect((await send(draft, context)).id).toBe(message.id);
    },
  );

  it('change places once when many ask in one commit', async () => {
    const draft = await draftOf();
    const before = (await messages()).length;
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => send(draft)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await messages()).toHaveLength(before + 1);
  });
});

it('a change that comes before the commit is sent, too', async () => {
  const draft = await draftOf();
  const acceptance = sut.app.get(Acceptance);
  const commit = acceptance.commit.bind(acceptance);
  let rounds = 0;
  acceptance.commit = async (accepted) => {
    rounds += 1;
    if (rounds === 1) await sut.ask(UpdateDraft, caller, { id: draft.id, body: { text: 'Changed' } });
    return commit(accepted);
  };
  try {
    expect((await send(draft)).text).toBe('Changed');
    expect(rounds).toBe(2);
  } finally {
    acceptance.commit = commit;
  }
});

it('a draft that never stops changing is not sent, and stays', async () => {
  const draft = await draftOf();
  const acceptance = sut.app.get(Acceptance);
  const commit = acceptance.commit.bind(acceptance);
  acceptance.commit = async (accepted) => {
    await sut.ask(UpdateDraft, caller, { id: draft.id, body: { text: `Changed ${accepted.message.id}` } });
    return commit(accepted);
  };
  try {
    await expect(send(draft)).rejects.toMatchObject({ code: 'invalid_state' });
  } finally {
    acceptance.commit = commit;
  }
  expect((await get(draft)).text).toMatch(/^Changed/);
});

it('a draft of another tenant, the other mode or another inbox is not there', async () => {
  const draft = await draftOf();
  const other = await harness.newInbox(caller);
  const strangers = [callerOf(), { ...caller, mode: 'test' as const }, { ...caller, inboxIds: [other.id] }];
  for (const stranger of strangers) {
    await expect(send(draft, stranger)).rejects.toMatchObject({ code: 'not_found' });
    await expect(sut.ask(GetDraft, stranger, { id: draft.id })).rejects.toMatchObject({ code: 'not_found' });
  }
  expect(await get(draft)).toEqual(draft);
});
