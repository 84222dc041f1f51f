import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CommandContext,
  GetListSnapshot,
  type Inbox,
  ListEntryChangedV1,
  type ListEntry,
  type ListedRule,
  newId,
  PLATFORM_ORGANIZATION,
  type SendMessageBody,
} from '@postern/contracts';
import { answer, callerOf, playService, waitFor } from '@postern/testing';
import { Harness } from './harness.js';
import { mailComes } from './scanned-mail.js';

const ANN = 'ann@example.com';
const BOB = 'bob@other.example';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

const AT = '2026-11-21T12:00:00.000Z';
const entryOf = (given: Partial<ListEntry>): ListEntry => ({
  id: newId('lst'),
  inbox_id: null,
  kind: 'block',
  direction: 'send',
  pattern: ANN,
  require_aligned: false,
  reason: null,
  created_at: AT,
  updated_at: AT,
  ...given,
});

type Change = 'created' | 'updated' | 'deleted';

/** Tells of an entry, and waits until that was heard: facts of one kind are heard in the order of the stream, batch by batch. */
async function told(caller: CommandContext, entry: ListEntry, version = 1, change: Change = 'created'): Promise<void> {
  await harness.sut.bus.publish(ListEntryChangedV1, { ...caller, data: { change, entry, version, actor: null } });
  const witness = newId('lst');
  const data = { change: 'created' as const, entry: entryOf({ id: witness }), version: 1, actor: null };
  await harness.sut.bus.publish(ListEntryChangedV1, { ...callerOf(), data });
  await waitFor(async () => {
    const rows = await harness.sut.database.query('SELECT 1 FROM list_rules WHERE id = $1', [witness]);
    return rows.length === 1;
  }, 'the fact to be heard');
}

type Outcome = [address: string, reason: string | null][] | string;

/** Who of Ann and Bob is left out of a send that skips blocked recipients, or the code of its refusal. */
async function outcome(caller: CommandContext, inbox: Inbox, body: Partial<SendMessageBody> = {}): Promise<Outcome> {
  const to = [ANN, BOB].map((address) => ({ address, name: null }));
  return harness.send(caller, inbox, { to, on_blocked_recipient: 'skip', ...body }).then(
    ({ recipients }) => recipients.map(({ address, reason }): [string, string | null] => [address, reason]),
    (error: { code: string }) => error.code,
  );
}

describe('a send', () => {
  it('is refused at once for whom a list refuses, with the reason, or leaves them out', async () => {
    const caller = callerOf();
    const inbox = await harness.newInbox(caller);
    await told(caller, entryOf({ pattern: '*.example' }));
    expect(await outcome(caller, inbox)).toEqual([
      [ANN, null],
      [BOB, 'block_list'],
    ]);
    const to = [ANN, BOB].map((address) => ({ address, name: null }));
    await expect(harness.send(caller, inbox, { to })).rejects.toMatchObject({
      code: 'recipients_blocked',
      httpStatus: 422,
      details: { recipients: [{ address: BOB, reason: 'block_list' }] },
    });
    await told(caller, entryOf({ kind: 'allow', pattern: 'partner.example' }));
    expect(await outcome(caller, inbox)).toBe('recipients_blocked');
    for (const stranger of [callerOf(), { ...caller, mode: 'test' as const }]) {
      const theirs = await harness.newInbox(stranger);
      expect(await outcome(stranger, theirs)).toEqual([
        [ANN, null],
        [BOB, null],
      ]);
    }
  });

  it('is asked by its own inbox first, and as an answer by the entries for replies', async () => {
    const caller = callerOf();
    const [inbox, other] = [await harness.newInbox(caller), await harness.newInbox(caller)];
    await told(caller, entryOf({ pattern: 'example.com' }));
    await told(caller, entryOf({ pattern: ANN, kind: 'allow', inbox_id: inbox.id }));
    expect(await outcome(caller, inbox)).toEqual([
      [ANN, null],
      [BOB, 'not_allowed'],
    ]);
    expect(await outcome(caller, other)).toEqual([
      [ANN, 'block_list'],
      [BOB, null],
    ]);
    await told(caller, entryOf({ pattern: ANN, kind: 'allow', direction: 'reply' }));
    const header = `<${newId('msg')}@example.com>`;
    await mailComes(harness.sut, caller, other, { messageIdHeader: header });
    const answered = await waitFor(async () => {
      const seen = await outcome(caller, other, { in_reply_to: header });
      return JSON.stringify(seen) ===
        JSON.stringify([
          [ANN, null],
          [BOB, null],
        ])
        ? seen
        : null;
    }, 'the mail to be here');
    expect(answered).toHaveLength(2);
    expect(await outcome(caller, other)).toEqual([
      [ANN, 'block_list'],
      [BOB, null],
    ]);
  });
});

describe('the projection of the lists', () => {
  it('is the same in whatever order it hears, and however often', async () => {
    const caller = callerOf();
    const inbox = await harness.newInbox(caller);
    const reasons = async () => {
      const seen = await outcome(caller, inbox);
      return typeof seen === 'string' ? seen : seen.map(([, reason]) => reason);
    };
    const entry = entryOf({ pattern: ANN });
    await told(caller, entry, 3, 'deleted');
    await told(caller, { ...entry, kind: 'allow' }, 2, 'updated');
    await told(caller, entry, 1);
    expect(await reasons()).toEqual([null, null]);
    const next = entryOf({ pattern: ANN });
    await told(caller, { ...next, kind: 'allow' }, 2, 'updated');
    await told(caller, next, 1);
    await told(caller, next, 1);
    expect(await reasons()).toEqual([null, 'not_allowed']);
    await told(caller, next, 3, 'updated');
    expect(await reasons()).toEqual(['block_list', null]);
    await told(caller, next, 4, 'deleted');
    await told(caller, entryOf({ direction: 'receive' }));
    expect(await reasons()).toEqual([null, null]);
  });

  it('is filled from the snapshot, all pages and tenants; what neither it nor a fact names is dropped', async () => {
    const [one, two] = [callerOf(), callerOf({ mode: 'test' })];
    const [ofOne, ofTwo] = [await harness.newInbox(one), await harness.newInbox(two)];
    const restored = entryOf({ pattern: BOB });
    const gone = entryOf({ pattern: 'other.example' });
    await told(one, restored);
    await told(one, gone);
    // As after a backup was restored: what was deleted long ago is still there.
    await harness.sut.database.query(`UPDATE list_rules SET written_at = now() - interval '1 day' WHERE id = $1`, [
      restored.id,
    ]);
    // Deleted after the first page was read, before it is written.
    await told(one, gone, 2, 'deleted');
    const rule = ({ organizationId, mode }: CommandContext, given: ListEntry): ListedRule => ({
      organizationId,
      mode,
      id: given.id,
      inboxId: given.inbox_id,
      kind: given.kind,
      direction: given.direction,
      pattern: given.pattern,
      requireAligned: given.require_aligned,
      version: 1,
    });
    const first = [rule(one, gone), rule(one, entryOf({ pattern: ANN }))];
    const last = [rule(two, entryOf({ pattern: BOB })), rule(two, entryOf({ direction: 'receive' }))];
    const next = { organizationId: PLATFORM_ORGANIZATION, mode: 'live' as const, id: newId('lst') };
    const player = await playService(harness.natsUrl, 'owner', [
      answer(GetListSnapshot, ({ after }) => (after === null ? { data: first, next } : { data: last, next: null })),
    ]);
    try {
      await harness.sut.database.query(`UPDATE list_rebuild SET state = 'wanted'`);
      await waitFor(async () => {
        const [row] = await harness.sut.database.query<{ state: string }>('SELECT state FROM list_rebuild');
        return row?.state === 'done';
      }, 'the rebuild');
    } finally {
      await player.stop();
    }
    expect(await outcome(one, ofOne)).toEqual([
      [ANN, 'block_list'],
      [BOB, null],
    ]);
    expect(await outcome(two, ofTwo)).toEqual([
      [ANN, null],
      [BOB, 'block_list'],
    ]);
  });
});
