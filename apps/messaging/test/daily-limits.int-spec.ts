import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateInbox,
  newId,
  SendMessage,
  UpdateInbox,
  type CommandContext,
  type Inbox,
  type Message,
} from '@postern/contracts';
import type { AppError } from '@postern/platform';
import {
  callerOf,
  type Infra,
  secondsToMidnight,
  type ServiceUnderTest,
  startInfra,
  startService,
  withinOnePeriod,
} from '@postern/testing';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';

let infra: Infra;
/** Two replicas share the commands. */
let replicas: ServiceUnderTest[];
let sut: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  const start = () => startService({ infra, service: messagingService, schema: 'messaging', migrations });
  sut = await start();
  replicas = [sut, await start()];
});
afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  await infra.stop();
});

const newInbox = (caller: CommandContext, daily_send_limit: number | null = null): Promise<Inbox> =>
  sut.ask(CreateInbox, caller, { daily_send_limit });
const send = (caller: CommandContext, inbox: Inbox, sendsPerDay?: number | null): Promise<Message> =>
  sut.ask(SendMessage, caller, {
    inbox: inbox.id,
    messageId: newId('msg'),
    body: { to: [{ address: 'ann@example.com', name: null }], subject: 'Hello', text: 'Hi' },
    inDoubt: 'resend',
    sendsPerDay,
  });
const withKey = (caller: CommandContext, key: string): CommandContext => ({
  ...caller,
  idempotency: { key, scope: 'POST /v1/messages', bodyHash: 'same' },
});
const refusal = (of: 'inbox' | 'organization', limit: number) => ({
  code: 'rate_limited',
  httpStatus: 429,
  details: { reason: 'daily_send_limit', of, limit },
});
async function outcomes(sends: Promise<Message>[]): Promise<{ accepted: Message[]; codes: Set<string> }> {
  const settled = await Promise.allSettled(sends);
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as AppError] : []));
  return {
    accepted: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    codes: new Set(errors.map(({ code }) => code)),
  };
}
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const stored = async ({ organizationId }: CommandContext): Promise<number> =>
  (await sut.database.query('SELECT 1 FROM messages WHERE organization_id = $1', [organizationId])).length;

/** What is counted in a day, whatever the time is. */
const inOneDay = (attempt: () => Promise<void>) => (): Promise<void> => withinOnePeriod(secondsToMidnight, attempt);

describe('a daily send limit', () => {
  it(
    'of an inbox is exact under concurrency, over replicas, and its own alone',
    inOneDay(async () => {
      const caller = callerOf();
      const limited = await newInbox(caller, 7);
      const free = await newInbox(caller);
      const [over, others] = await Promise.all([
        outcomes(times(60, () => send(caller, limited))),
        outcomes(times(60, () => send(caller, free))),
      ]);
      expect(over.accepted).toHaveLength(7);
      expect(over.codes).toEqual(new Set(['rate_limited']));
      expect(others.accepted).toHaveLength(60);
      expect(await stored(caller)).toBe(67);
      await expect(send(caller, limited)).rejects.toMatchObject(refusal('inbox', 7));
    }),
  );

  it(
    'of an organization holds over its inboxes, in each mode apart, and for nobody else',
    inOneDay(async () => {
      const caller = callerOf();
      const inboxes = [await newInbox(caller), await newInbox(caller), await newInbox(caller, 1)];
      const { accepted } = await outcomes(times(60, (n) => send(caller, inboxes[n % 3] as Inbox, 10)));
      expect(accepted).toHaveLength(10);
      expect(accepted.filter(({ inbox_id }) => inbox_id === inboxes[2]?.id).length).toBeLessThanOrEqual(1);
      await expect(send(caller, inboxes[0] as Inbox, 10)).rejects.toMatchObject(refusal('organization', 10));
      const tester: CommandContext = { ...caller, mode: 'test' };
      expect((await send(tester, await newInbox(tester), 10)).delivery_status).toBe('queued');
      const stranger = callerOf();
      expect((await send(stranger, await newInbox(stranger), 1)).delivery_status).toBe('queued');
    }),
  );

  it(
    'says how long it is to midnight',
    inOneDay(async () => {
      const caller = callerOf();
      const inbox = await newInbox(caller, 0);
      const error = await send(caller, inbox).catch((thrown: unknown) => thrown as AppError);
      const left = secondsToMidnight();
      expect((error as AppError).retryAfterSeconds).toBeGreaterThanOrEqual(left);
      expect((error as AppError).retryAfterSeconds).toBeLessThanOrEqual(left + 60);
    }),
  );

  it(
    'counts a repeat once and answers it when the limit is used up; what is refused keeps no key',
    inOneDay(async () => {
      const caller = callerOf();
      const inbox = await newInbox(caller, 2);
      const first = await send(withKey(caller, 'a'), inbox);
      await outcomes(times(20, () => send(withKey(caller, 'a'), inbox)));
      await send(withKey(caller, 'b'), inbox);
      expect((await send(withKey(caller, 'a'), inbox)).id).toBe(first.id);

      const refused = await outcomes(times(20, () => send(withKey(caller, 'c'), inbox)));
      expect([refused.accepted, refused.codes]).toEqual([[], new Set(['rate_limited'])]);
      const keys = await sut.database.query<{ key: string }>(
        'SELECT key FROM idempotency_keys WHERE organization_id = $1 ORDER BY key',
        [caller.organizationId],
      );
      expect(keys.map(({ key }) => key)).toEqual(['a', 'b']);
      await sut.ask(UpdateInbox, caller, { inbox: inbox.id, body: { daily_send_limit: 3 } });
      expect((await outcomes(times(20, () => send(withKey(caller, 'c'), inbox)))).accepted).toHaveLength(20);
      expect(await stored(caller)).toBe(3);
    }),
  );

  it(
    'that is set during the day counts the morning too',
    inOneDay(async () => {
      const caller = callerOf();
      const inbox = await newInbox(caller);
      for (const _ of times(3, () => null)) await send(caller, inbox);
      await expect(send(caller, inbox, 3)).rejects.toMatchObject(refusal('organization', 3));
      await sut.ask(UpdateInbox, caller, { inbox: inbox.id, body: { daily_send_limit: 4 } });
      await send(caller, inbox);
      await expect(send(caller, inbox)).rejects.toMatchObject(refusal('inbox', 4));
    }),
  );

  it(
    'is whole again on the next day',
    inOneDay(async () => {
      const caller = callerOf();
      const inbox = await newInbox(caller, 1);
      await sut.database.query(`INSERT INTO daily_sends VALUES ($1, $2, $3, (now() AT TIME ZONE 'UTC')::date - 1, 1)`, [
        caller.organizationId,
        caller.mode,
        inbox.id,
      ]);
      await send(caller, inbox);
      await expect(send(caller, inbox)).rejects.toMatchObject(refusal('inbox', 1));
    }),
  );

  it(
    'costs nothing where there is none',
    inOneDay(async () => {
      const caller = callerOf();
      await send(caller, await newInbox(caller), null);
      const rows = await sut.database.query('SELECT 1 FROM daily_sends WHERE organization_id = $1', [
        caller.organizationId,
      ]);
      expect(rows).toEqual([]);
    }),
  );
});
