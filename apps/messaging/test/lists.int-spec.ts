import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CommandContext,
  type Inbox,
  ListMessages,
  type ListMessagesQuery,
  type Message,
} from '@postern/contracts';
import { callerOf, fullRun, waitFor, type ServiceUnderTest } from '@postern/testing';
import { Explainer } from './explain.js';
import { Harness } from './harness.js';
import { fillMailbox, type MadeMessage } from './mailbox.fixture.js';

const MESSAGES = fullRun() ? 200_000 : 20_000;
const OTHERS = 500;
/** A page fetches its own rows; of the index those of two blocks, or as many of a larger range, for each of two lists. */
const ROWS_READ_MAX = 6_000;
const SORTED_MAX = 2_500;
const INDEXED_WITHIN_MS = fullRun() ? 600_000 : 60_000;

type Filters = Partial<Omit<ListMessagesQuery, 'limit'>>;

let harness: Harness;
let sut: ServiceUnderTest;
let explainer: Explainer;
let caller: CommandContext;
let inbox: Inbox;
let other: Inbox;
let made: MadeMessage[];
let ofOther: MadeMessage[];

beforeAll(async () => {
  harness = await Harness.start();
  sut = harness.sut;
  explainer = new Explainer(sut.database);
  caller = callerOf();
  [inbox, other] = await Promise.all([harness.newInbox(caller, 'large'), harness.newInbox(caller, 'small')]);
  const until = new Date('2026-11-20T12:00:00.000Z');
  made = await fillMailbox(sut.database, caller, inbox, { count: MESSAGES, until });
  // Half a second beside the others, so that no two ids are the same.
  ofOther = await fillMailbox(sut.database, caller, other, { count: OTHERS, until: new Date(until.getTime() - 500) });
  await sut.database.query('ANALYZE');
  await waitFor(
    async () => (await sut.database.query('SELECT 1 FROM search_queue LIMIT 1')).length === 0,
    'everything to be indexed',
    INDEXED_WITHIN_MS,
  );
  await sut.database.query('ANALYZE');
}, INDEXED_WITHIN_MS + 120_000);
afterAll(() => harness.stop());

const list = (query: Filters & { limit?: number }, scope: string | null = inbox.id, readWithheld = true) =>
  sut.ask(ListMessages, caller, { inbox: scope, query: { limit: 25, ...query }, readWithheld });

const idsOf = (messages: readonly Pick<Message, 'id'>[]): string[] => messages.map(({ id }) => id);

/** Whether a made message has what is asked for, by the words of the contract. */
function matches(message: MadeMessage, filters: Filters): boolean {
  const words = `${message.subject} ${message.text} ${message.from}`.toLowerCase();
  const checks: [unknown, boolean][] = [
    [filters.direction, message.direction === filters.direction],
    [filters.delivery_status, message.delivery_status === filters.delivery_status],
    [filters.security_status, message.security_status === filters.security_status],
    [filters.thread_id, message.thread_id === filters.thread_id],
    [filters.label, message.labels.includes(filters.label ?? '')],
    [filters.from, message.from.toLowerCase() === filters.from?.toLowerCase()],
    [filters.to, message.to.toLowerCase() === filters.to?.toLowerCase()],
    [filters.subject, message.subject.toLowerCase().includes(filters.subject?.toLowerCase() ?? '')],
    [filters.since, message.at >= new Date(filters.since ?? 0)],
    [filters.until, message.at < new Date(filters.until ?? 0)],
    [filters.has_attachments, message.has_attachments === filters.has_attachments],
    [filters.after, message.id > (filters.after ?? '')],
    [
      filters.q,
      (filters.q ?? '')
        .split(' ')
        .every((word) => (word.startsWith('-') ? !words.includes(word.slice(1)) : words.includes(word))),
    ],
  ];
  return checks.every(([asked, holds]) => asked === undefined || holds);
}

/** The answer that a list must give, newest first. */
const expected = (filters: Filters, of: readonly MadeMessage[]): string[] =>
  idsOf(of.filter((message) => matches(message, filters)).toSorted((one, two) => (one.id < two.id ? 1 : -1)));

const middle = (): MadeMessage => made[Math.floor(MESSAGES / 2)] as MadeMessage;

const ALONE: Record<string, () => Filters> = {
  nothing: () => ({}),
  'direction inbound': () => ({ direction: 'inbound' }),
  'direction outbound': () => ({ direction: 'outbound' }),
  'delivery_status, frequent': () => ({ delivery_status: 'delivered' }),
  'delivery_status, rare': () => ({ delivery_status: 'bounced' }),
  'delivery_status, nowhere': () => ({ delivery_status: 'complained' }),
  'security_status, frequent': () => ({ security_status: 'clean' }),
  'security_status, rare': () => ({ security_status: 'withheld' }),
  thread_id: () => ({ thread_id: middle().thread_id as never }),
  'label, frequent': () => ({ label: 'common' }),
  'label, rare': () => ({ label: 'scarce' }),
  'label, nowhere': () => ({ label: 'absent' }),
  'from, frequent': () => ({ from: inbox.address.toUpperCase() }),
  'from, some': () => ({ from: 'user4@example.com' }),
  'from, rare': () => ({ from: 'rare@example.com' }),
  'to, frequent': () => ({ to: inbox.address }),
  'to, rare': () => ({ to: 'ONCE@example.net' }),
  'subject, frequent': () => ({ subject: 'ORDER' }),
  'subject, rare': () => ({ subject: 'ebra CRoss' }),
  'subject, nowhere': () => ({ subject: 'unheard of' }),
  'since and until': () => ({
    since: middle().at.toISOString(),
    until: new Date(middle().at.getTime() + 60_000).toISOString(),
  }),
  'until, long ago': () => ({ until: made[100]?.at.toISOString() ?? '' }),
  'has_attachments, yes': () => ({ has_attachments: true }),
  'has_attachments, no': () => ({ has_attachments: false }),
  'after, late': () => ({ after: made[MESSAGES - 40]?.id as never }),
};

const TOGETHER: Record<string, () => Filters> = {
  'direction, status and security': () => ({
    direction: 'outbound',
    delivery_status: 'delivered',
    security_status: 'flagged',
  }),
  'what excludes each other': () => ({ direction: 'inbound', delivery_status: 'delivered' }),
  'rare status and frequent label': () => ({ delivery_status: 'bounced', label: 'common' }),
  'frequent sender with attachments': () => ({ from: 'user4@example.com', has_attachments: true }),
  'rare recipient with attachments': () => ({ to: 'once@example.net', has_attachments: true }),
  'label and time': () => ({ label: 'common', until: middle().at.toISOString() }),
  'thread and direction': () => ({ thread_id: middle().thread_id as never, direction: 'inbound' }),
  'thread and sender': () => ({ thread_id: middle().thread_id as never, from: inbox.address }),
  'sender, recipient, subject': () => ({ from: inbox.address, to: 'customer1@example.net', subject: 'der 1' }),
  'inbound mail with attachments': () => ({ direction: 'inbound', has_attachments: true }),
};

describe.each(['inbox', 'tenant'] as const)('lists of one %s', (scope) => {
  const scopeId = (): string | null => (scope === 'inbox' ? inbox.id : null);
  const all = (): MadeMessage[] => (scope === 'inbox' ? made : [...made, ...ofOther]);

  it.each(Object.entries({ ...ALONE, ...TOGETHER }))(
    '%s: the right messages, and few rows for them',
    async (_name, filters) => {
      const wanted = expected(filters(), all());
      const first = await explainer.during(() => list(filters(), scopeId()));
      expect(idsOf(first.result.data)).toEqual(wanted.slice(0, 25));
      expect(first.result.has_more).toBe(wanted.length > 25);
      expect(first.work.seqScans).toEqual([]);
      expect(first.work.rowsRead).toBeLessThan(ROWS_READ_MAX);
      expect(first.work.sorted).toBeLessThan(SORTED_MAX);
      if (wanted.length < 200) return;
      const place = Math.floor(wanted.length * 0.8);
      const cursor = Buffer.from(wanted[place] ?? '').toString('base64url');
      const deep = await explainer.during(() => list({ ...filters(), cursor }, scopeId()));
      expect(idsOf(deep.result.data)).toEqual(wanted.slice(place + 1, place + 26));
      expect(deep.work.seqScans).toEqual([]);
      expect(deep.work.rowsRead).toBeLessThan(ROWS_READ_MAX);
      expect(deep.work.sorted).toBeLessThan(SORTED_MAX);
    },
  );

  it.each([
    ['a frequent word', { q: 'customer' }],
    ['a word of some messages', { q: 'seldom' }],
    ['a rare word', { q: 'xylophone' }],
    ['no word at all', { q: 'nonesuch' }],
    ['frequent and rare', { q: 'customer xylophone' }],
    ['frequent, but not', { q: 'customer -invoices' }],
    ['only not', { q: '-xylophone' }],
    ['a word of long ago', { q: 'bygone' }],
    ['a word of long ago in nearly all of its time', { q: 'bygone', from: 'user4@example.com' }],
    ['a word in titles', { q: 'zebra' }],
    ['a word in nearly all titles', { q: 'order' }],
    ['words, of a rare state', { q: 'customer', delivery_status: 'bounced' as const }],
    ['words, of a sender', { q: 'seldom', from: 'user4@example.com' }],
    ['words, with attachments', { q: 'seldom', has_attachments: true }],
  ])('search for %s: the right messages, and few rows for them', async (_name, filters) => {
    const wanted = expected(filters, all());
    const { result, work } = await explainer.during(() => list(filters, scopeId()));
    expect(idsOf(result.data)).toEqual(wanted.slice(0, 25));
    expect(result.has_more).toBe(wanted.length > 25);
    expect(work.seqScans).toEqual([]);
    expect(work.rowsRead).toBeLessThan(ROWS_READ_MAX);
    expect(work.sorted).toBeLessThan(SORTED_MAX);
  });
});

it('a part of a subject with one or two characters is compared message by message', async () => {
  const page = await list({ subject: '77' });
  expect(idsOf(page.data)).toEqual(expected({ subject: '77' }, made).slice(0, 25));
});

it('pages lead through everything once, in order', async () => {
  for (const filters of [
    { q: 'seldom' },
    { label: 'scarce' },
    { from: 'user4@example.com' },
    { security_status: 'flagged' as const },
  ]) {
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await list({ ...filters, limit: 7, ...(cursor == null ? {} : { cursor }) });
      seen.push(...idsOf(page.data));
      cursor = page.next_cursor;
    } while (cursor !== null && seen.length < 150);
    expect(seen).toEqual(expected(filters, made).slice(0, seen.length));
  }
});

it('a page of large messages ends early, and the next one goes on', async () => {
  const large = await harness.newInbox(caller);
  const sent: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    sent.unshift((await harness.send(caller, large, { text: 'long text '.repeat(250_000) })).id);
  }
  const first = await list({}, large.id);
  expect([idsOf(first.data), first.has_more]).toEqual([sent.slice(0, 1), true]);
  const second = await list({ cursor: first.next_cursor ?? '' }, large.id);
  const third = await list({ cursor: second.next_cursor ?? '' }, large.id);
  expect([...idsOf(second.data), ...idsOf(third.data)]).toEqual(sent.slice(1));
  expect(third.has_more).toBe(false);
});
