import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CreateInbox,
  DeleteThread,
  GetMessage,
  lowestIdAt,
  newId,
  sameIdAs,
  SendMessage,
  ThreadLoopDetectedV1,
  type CommandContext,
  type Inbox,
  type MailKind,
  type Message,
  type MessageId,
  type SendMessageBody,
} from '@postern/contracts';
import type { AppError } from '@postern/platform';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, startService, waitFor } from '@postern/testing';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';
import { mailComes } from './scanned-mail.js';

const HOUR_MS = 3_600_000;
const ANN = 'ann@example.com';
const BOB = 'bob@example.com';

let infra: Infra;
let sut: ServiceUnderTest;
/** Shares the commands with the first one. */
let other: ServiceUnderTest;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  infra = await startInfra();
  const start = () => startService({ infra, service: messagingService, schema: 'messaging', migrations });
  sut = await start();
  other = await start();
});
afterAll(async () => {
  await sut.stop();
  await other.stop();
  await infra.stop();
});
beforeEach(async () => {
  caller = callerOf();
  inbox = await sut.ask(CreateInbox, caller, {});
});

const addresses = (...list: string[]) => list.map((address) => ({ address, name: null }));
const send = (
  body: Partial<SendMessageBody> = {},
  messageId = newId('msg'),
  as = caller,
  of = inbox,
): Promise<Message> =>
  sut.ask(SendMessage, as, {
    inbox: of.id,
    messageId,
    body: { to: addresses(ANN), text: 'Hi', ...body },
    inDoubt: 'resend',
  });
const refusal = (sending: Promise<Message>): Promise<AppError> =>
  sending.then(
    ({ id }) => Promise.reject(new Error(`${id} was accepted`)),
    (error: unknown) => error as AppError,
  );
const times = (count: number) => Array.from({ length: count }, (_, n) => n);
const withKey = (key: string): CommandContext => ({
  ...caller,
  idempotency: { key, scope: 'POST /v1/messages', bodyHash: 'same' },
});

/** A thread with so many messages to somebody. */
async function threadOf(count: number, to = ANN): Promise<Message> {
  const first = await send({ to: addresses(to) });
  await Promise.all(times(count - 1).map(() => send({ to: addresses(to), thread_id: first.thread_id })));
  return first;
}

/** How many came into a thread of a number that are sent to it at once. */
async function acceptedOf(count: number, thread_id: Message['thread_id']): Promise<number> {
  const settled = await Promise.allSettled(times(count).map(() => send({ thread_id })));
  const codes = settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as AppError).code] : []));
  expect(codes.filter((code) => code !== 'rate_limited')).toEqual([]);
  return count - codes.length;
}

/** What was told of loops; written in the transactions of the refusals. */
async function told(): Promise<Record<string, unknown>[]> {
  const rows = await sut.database.query<{ record: string }>(
    'SELECT record::text AS record FROM outbox WHERE type = $1 AND organization_id = $2 ORDER BY id',
    [ThreadLoopDetectedV1.type, caller.organizationId],
  );
  return rows.map(({ record }) => (JSON.parse(record) as { data: { loop: Record<string, unknown> } }).data.loop);
}

async function receives(message: Message, kinds: MailKind[], from = ANN): Promise<void> {
  const inReplyTo = [String(message.message_id_header)];
  const id = await mailComes(sut, caller, inbox, { inReplyTo, kinds, from: { address: from, name: null } });
  await waitFor(
    () => sut.ask(GetMessage, caller, { id: `msg_${id}`, readWithheld: false }).catch(() => null),
    'the mail',
  );
}

describe('a thread', () => {
  it('takes 20 messages to a counterparty in an hour; the next one is refused, and told once', async () => {
    const { thread_id } = await threadOf(20);
    const refused = await refusal(send({ thread_id, to: addresses('ANN@Example.com') }));
    expect(refused).toMatchObject({
      code: 'rate_limited',
      httpStatus: 429,
      details: { reason: 'loop', thread_id, counterparties: [ANN], limit: 20, window_seconds: 3600 },
    });
    expect(refused.retryAfterSeconds).toBeGreaterThan(3_500);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(3_600);
    for (const _ of times(3)) await refusal(send({ thread_id }));
    expect(await told()).toEqual([
      {
        thread_id,
        inbox_id: inbox.id,
        counterparty: ANN,
        counterparty_kind: 'other',
        automatic: false,
        limit: 20,
        window_seconds: 3600,
        detected_at: expect.any(String),
        cool_down_until: refused.details?.['cool_down_until'],
      },
    ]);
    await waitFor(async () => {
      const facts = await sut.bus.factsOf(ThreadLoopDetectedV1);
      return facts.some(({ organizationId }) => organizationId === caller.organizationId);
    }, 'the fact on the bus');
  });

  it('is shut for that counterparty alone: others, other threads, and other tenants go on', async () => {
    const { thread_id } = await threadOf(20);
    await refusal(send({ thread_id }));
    await send({ thread_id, to: addresses(BOB) });
    await send();
    const both = await refusal(send({ thread_id, to: addresses(BOB), bcc: addresses(ANN) }));
    expect(both.details).toMatchObject({ counterparties: [ANN] });
    const stranger = callerOf();
    const theirs = await sut.ask(CreateInbox, stranger, {});
    const first = await send({}, newId('msg'), stranger, theirs);
    await send({ thread_id: first.thread_id }, newId('msg'), stranger, theirs);
    expect(await told()).toHaveLength(1);
  });

  it('is exact under concurrency, over replicas: 19 were sent, one of 20 passes', async () => {
    const { thread_id } = await threadOf(19);
    expect(await acceptedOf(20, thread_id)).toBe(1);
    expect(await told()).toHaveLength(1);
  });

  it('is exact while it grows from one message to a loop at once', async () => {
    const { thread_id } = await send();
    expect(await acceptedOf(60, thread_id)).toBe(19);
    expect(await told()).toHaveLength(1);
  });

  it('counts a message for each who gets it, also when it is found by what it answers', async () => {
    const first = await threadOf(19);
    const in_reply_to = String(first.own_message_id);
    await send({ in_reply_to, to: addresses(BOB), cc: addresses(ANN) });
    expect(await refusal(send({ in_reply_to }))).toMatchObject({ details: { counterparties: [ANN] } });
    await send({ in_reply_to, to: addresses(BOB) });
  });

  it('counts what is scheduled when it is accepted', async () => {
    const send_at = new Date(Date.now() + 24 * HOUR_MS).toISOString();
    const { thread_id } = await send({ send_at });
    await Promise.all(times(19).map(() => send({ thread_id, send_at })));
    expect(await refusal(send({ thread_id, send_at }))).toMatchObject({ details: { reason: 'loop' } });
  });

  it('says whether it is the inbox itself or a sibling that it writes to', async () => {
    const sibling = await sut.ask(CreateInbox, caller, {});
    for (const { address } of [inbox, sibling]) {
      const { thread_id } = await threadOf(20, address);
      await refusal(send({ thread_id, to: addresses(address) }));
    }
    expect((await told()).map(({ counterparty_kind }) => counterparty_kind)).toEqual(['self', 'sibling']);
  });

  it('takes its cool-downs along when it is deleted', async () => {
    const { thread_id } = await threadOf(20);
    await refusal(send({ thread_id }));
    const open = () =>
      sut.database.query('SELECT 1 FROM loop_cool_downs WHERE organization_id = $1', [caller.organizationId]);
    expect(await open()).toHaveLength(1);
    // As if they had been sent: delivery is not there to be asked.
    await sut.database.query(
      `UPDATE message_states SET stage = 'over', delivery_status = 'delivered' WHERE organization_id = $1`,
      [caller.organizationId],
    );
    await sut.ask(DeleteThread, caller, { id: thread_id });
    expect(await open()).toEqual([]);
  });
});

describe('the hour', () => {
  const start = Date.now();
  const at = (ms: number): MessageId => sameIdAs('msg', lowestIdAt('msg', new Date(start + ms)));

  it('slides: what is older counts no more', async () => {
    const { thread_id } = await send({}, at(0));
    for (const n of times(19)) await send({ thread_id }, at(n + 1));
    await send({ thread_id }, at(HOUR_MS + 1));
    // The first one is older than an hour now; the 19 after it are not, nor is the last.
    expect(await refusal(send({ thread_id }, at(HOUR_MS + 1)))).toMatchObject({ details: { reason: 'loop' } });
  });

  it('after the cool-down begins anew, and so does the next loop', async () => {
    const { thread_id } = await send({}, at(0));
    for (const n of times(19)) await send({ thread_id }, at(n + 1));
    await refusal(send({ thread_id }, at(100)));
    expect((await refusal(send({ thread_id }, at(HOUR_MS + 99)))).retryAfterSeconds).toBe(1);
    for (const n of times(20)) await send({ thread_id }, at(HOUR_MS + 100 + n));
    for (const n of times(3)) await refusal(send({ thread_id }, at(HOUR_MS + 200 + n)));
    expect((await told()).map(({ detected_at }) => detected_at)).toEqual(
      [100, HOUR_MS + 200].map((ms) => new Date(start + ms).toISOString()),
    );
  });
});

describe('after an automatic mail', () => {
  it.each<MailKind[][]>([[['auto_reply']], [['bounce']], [['auto_reply', 'list']]])(
    'of %j, 5 are enough',
    async (kinds) => {
      const first = await threadOf(5);
      await receives(first, kinds);
      expect(await refusal(send({ thread_id: first.thread_id }))).toMatchObject({ details: { limit: 5 } });
      expect(await told()).toMatchObject([{ automatic: true, limit: 5 }]);
    },
  );

  it('somebody who writes by hand opens the thread again', async () => {
    const first = await threadOf(5);
    await receives(first, ['auto_reply']);
    await refusal(send({ thread_id: first.thread_id }));
    await receives(first, []);
    for (const _ of times(15)) await send({ thread_id: first.thread_id });
    expect(await refusal(send({ thread_id: first.thread_id }))).toMatchObject({ details: { limit: 20 } });
    expect(await told()).toMatchObject([{ limit: 5 }, { limit: 20 }]);
  });

  it('of somebody else, who wrote in the thread keeps the whole budget', async () => {
    const first = await threadOf(6);
    await receives(first, []);
    await receives(first, ['auto_reply'], BOB);
    await send({ thread_id: first.thread_id });
    for (const _ of times(5)) await send({ thread_id: first.thread_id, to: addresses(BOB) });
    expect(await refusal(send({ thread_id: first.thread_id, to: addresses(BOB) }))).toMatchObject({
      details: { counterparties: [BOB], limit: 5 },
    });
  });
});

describe('a key', () => {
  it('is answered again although the thread is shut, and counts once; what is refused keeps none', async () => {
    const { thread_id } = await threadOf(19);
    const once = () => send({ thread_id }, newId('msg'), withKey('once'));
    const [accepted] = await Promise.all(times(10).map(once));
    await refusal(send({ thread_id }, newId('msg'), withKey('refused')));
    expect((await once()).id).toBe(accepted?.id);
    const keys = await sut.database.query<{ key: string }>(
      'SELECT key FROM idempotency_keys WHERE organization_id = $1',
      [caller.organizationId],
    );
    expect(keys).toEqual([{ key: 'once' }]);
  });
});

it('holds while connections to the database break, and every send is repeated until it is answered', async () => {
  const { thread_id } = await send();
  let answered = 0;
  const persistent = async (key: string): Promise<'accepted' | 'refused'> => {
    for (;;) {
      try {
        await send({ thread_id }, newId('msg'), withKey(key));
        return 'accepted';
      } catch (error) {
        if ((error as AppError).code === 'rate_limited') return 'refused';
        expect((error as AppError).code).toBe('unavailable');
      } finally {
        answered += 1;
      }
    }
  };
  const sends = Promise.all(times(40).map((n) => persistent(`key-${n}`)));
  for (const round of times(4)) {
    await waitFor(() => answered >= 4 * round, 'some answers');
    // Only in this test's database: other tests are on the same server in the same role.
    await sut.database
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()`,
      )
      .catch(() => undefined);
  }
  const outcomes = await sends;
  expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(19);
  expect(await told()).toHaveLength(1);
});
