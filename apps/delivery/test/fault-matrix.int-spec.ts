import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { newId, type OrganizationId } from '@postern/contracts';
import { fullRun, waitFor } from '@postern/testing';
import { deliveryService } from '../src/delivery.service.js';
import { openValve } from '../src/send/carrier.js';
import { TRIES_MAX } from '../src/send/settlement.js';
import { type EndedSend, messagesByFault, resultsOf, type Struck, tableOf } from './killing/fault-table.js';
import { withProvider } from './killing/trapped-module.js';
import { startStage, type Stage } from './stage.js';

/*
 * Every fault of SES strikes one call in ten; the events of half of the messages come late, twice and out of order, those of
 * the other half never. Whatever happens, each message must be in one right final state.
 */
const MESSAGES = fullRun() ? 10_000 : 500;
const LIMIT_MS = fullRun() ? 1_800_000 : 240_000;
jest.setTimeout(LIMIT_MS + 60_000);
const ONE_IN_TEN = { probability: 0.1 };
const FAULTS = {
  reset_before: ONE_IN_TEN,
  reset_after: ONE_IN_TEN,
  no_answer: ONE_IN_TEN,
  server_error: ONE_IN_TEN,
  throttle: ONE_IN_TEN,
  quota_exceeded: ONE_IN_TEN,
};
/** Passed to the bus at once; more would only fill the test's own memory. */
const AT_ONCE = 250;
const ENDS = ['sent', 'failed', 'rejected', 'cancelled', 'suppressed'];

interface Group {
  rule: 'resend' | 'fail';
  events: 'arrive' | 'dropped';
  organizationId: OrganizationId;
}
const GROUPS: Group[] = (['arrive', 'dropped'] as const).flatMap((events) =>
  (['resend', 'fail'] as const).map((rule) => ({ rule, events, organizationId: newId('org') })),
);
let stage: Stage;
const struck: Struck[] = [];

beforeAll(async () => {
  // The pace has tests of its own; here every message meets every fault without a pause of the whole queue.
  const service: typeof deliveryService = {
    ...deliveryService,
    module: (config) =>
      withProvider(config, (provider) => ({
        carrier: {
          handOver: async (send, raw, mayBegin) => {
            const outcome = await provider.carrier.handOver(send, raw, mayBegin);
            struck.push({ messageId: send.messageId, attempt: send.attempt, outcome });
            return outcome;
          },
        },
        valve: openValve,
        proves: provider.proves,
        wireMessageId: (id) => provider.wireMessageId(id),
      })),
  };
  // A call has half a lease to be answered. What SES takes, it takes long before that, also on a busy machine: a mail that is
  // taken when its doubt is over has a copy.
  stage = await startStage({ DELIVERY_IN_DOUBT_SECONDS: '5', DELIVERY_LEASE_SECONDS: '12' }, service);
});
afterAll(() => stage.stop());

/** Tells of the mails of some organizations, each twice and every pair of neighbours the other way round. */
function feedbackPlayer(told: ReadonlySet<string>): () => Promise<void> {
  const takenSince = stage.follow();
  return async () => {
    const fresh = (await takenSince()).filter(({ tags }) => told.has(tags['postern_organization'] ?? ''));
    const swapped = fresh.map((mail, index) => fresh[index ^ 1] ?? mail);
    for (const mail of swapped) await stage.tellSent(mail, new Date(mail.at));
    for (const mail of swapped) await stage.tellSent(mail, new Date(mail.at));
  };
}

async function passAll(): Promise<void> {
  for (let done = 0; done < MESSAGES; done += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, MESSAGES - done) }, (_, index) => {
        const group = GROUPS[(done + index) % GROUPS.length];
        if (group === undefined) throw new Error('there are groups');
        return stage.pass({ organizationId: group.organizationId, inDoubt: group.rule });
      }),
    );
  }
}

test(`${MESSAGES} messages, every fault at 10 %: each in one right final state`, async () => {
  await stage.faults(FAULTS);
  const tellNew = feedbackPlayer(
    new Set(GROUPS.filter(({ events }) => events === 'arrive').map(({ organizationId }) => organizationId)),
  );
  const beganMs = performance.now();
  await passAll();
  await waitFor(
    async () => {
      const askedAt = new Date();
      await tellNew();
      await showLife(askedAt);
      const rows = await stage.delivery.database.query<{ state: string; count: number }>(
        'SELECT state, count(*)::int AS count FROM sends WHERE organization_id = ANY ($1) GROUP BY state',
        [GROUPS.map(({ organizationId }) => organizationId)],
      );
      const ended = rows.filter(({ state }) => ENDS.includes(state)).reduce((sum, { count }) => sum + count, 0);
      return ended === MESSAGES;
    },
    'every message to end',
    LIMIT_MS,
  );
  const seconds = (performance.now() - beganMs) / 1000;
  await tellNew();
  const mails = await stage.taken();
  const sends = await stage.delivery.database.query<EndedSend>(
    'SELECT organization_id, message_id, state, attempt, doubts FROM sends',
  );
  const copies = Map.groupBy(mails, ({ tags }) => tags['postern_message'] ?? '');
  const byFault = messagesByFault(struck, copies);
  const of = ({ organizationId }: Group): EndedSend[] =>
    sends.filter(({ organization_id }) => organization_id === organizationId);
  const groups = GROUPS.map((group) => ({ events: group.events, rule: group.rule, ...resultsOf(of(group), copies) }));
  const faults = GROUPS.flatMap((group) =>
    [...byFault]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([fault, ids]) => ({
        events: group.events,
        rule: group.rule,
        fault,
        ...resultsOf(
          of(group).filter(({ message_id }) => ids.has(message_id)),
          copies,
        ),
      })),
  );
  const report = { messages: MESSAGES, seconds: Math.round(seconds), calls: struck.length, groups, faults };
  await writeFile(join(tmpdir(), 'postern-fault-matrix.json'), JSON.stringify(report, null, 2));
  process.stdout.write(
    `${MESSAGES} messages, ${struck.length} calls, ${report.seconds} s\n${tableOf(groups)}\n\n${tableOf(faults)}\n`,
  );

  const [heardResend, heardFail, deafResend, deafFail] = groups;
  for (const group of groups) expect(group).toMatchObject({ messages: MESSAGES / GROUPS.length, sent_never: 0 });
  // Events arrive: nothing is doubled, and what failed was not taken.
  for (const heard of [heardResend, heardFail]) expect(heard).toMatchObject({ sent_more: 0, failed_taken: 0 });
  // No event ever: `fail` never doubles, whatever the state says; `resend` gives up after its tries only, and loses nothing.
  expect(deafFail?.sent_more).toBe(0);
  const deafToFail = new Set(
    GROUPS.slice(3)
      .flatMap(of)
      .map(({ message_id }) => message_id),
  );
  expect([...copies].filter(([id, taken]) => deafToFail.has(id) && taken.length > 1)).toEqual([]);
  expect(
    GROUPS.slice(2, 3)
      .flatMap(of)
      .filter(({ state, doubts }) => state === 'failed' && doubts < TRIES_MAX),
  ).toEqual([]);
  expect(deafResend?.failed_not_taken).toBe(0);
});

/**
 * An event of somebody else's mail shows that feedback is alive.
 * @param at  from before the events were looked for that have been told by now, so silence about the others means something.
 */
async function showLife(at: Date): Promise<void> {
  const tags = {
    postern_message: newId('msg'),
    postern_organization: newId('org'),
    postern_mode: 'live',
    postern_attempt: '1',
  };
  const mail = {
    message_id: newId('evt'),
    source: '',
    destinations: [],
    tags,
    configuration_set: null,
    raw_base64: '',
    at: at.toISOString(),
  };
  await stage.tellSent(mail, at);
}
