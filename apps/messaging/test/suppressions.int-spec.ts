import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CommandContext,
  GetSuppressionSnapshot,
  type Message,
  newId,
  SuppressionAddedV1,
  type SuppressionId,
  SuppressionRemovedV1,
} from '@postern/contracts';
import { answer, callerOf, playService, waitFor } from '@postern/testing';
import { Harness } from './harness.js';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

const told = (
  event: typeof SuppressionAddedV1 | typeof SuppressionRemovedV1,
  caller: CommandContext,
  id: SuppressionId,
  address: string,
) =>
  harness.sut.bus.publish(event, {
    ...caller,
    data: {
      suppression: { id, address, reason: 'bounce', source_message_id: null, created_at: new Date().toISOString() },
    },
  });
const knows = (address: string, removed: boolean): Promise<true> =>
  waitFor(async () => {
    const [row] = await harness.sut.database.query<{ removed: boolean }>(
      'SELECT removed_at IS NOT NULL AS removed FROM suppressed_addresses WHERE address = $1',
      [address],
    );
    return row?.removed === removed;
  }, `${address} to be known`);
const outcome = async (caller: CommandContext, address: string): Promise<string> => {
  const inbox = await harness.newInbox(caller);
  return harness.send(caller, inbox, { to: [{ address, name: null }] }).then(
    ({ delivery_status }: Message) => delivery_status,
    (error: { code: string }) => error.code,
  );
};

describe('the projection of the suppression list', () => {
  it('does not bring back what was taken off, in whatever order it hears', async () => {
    const caller = callerOf();
    const [older, newer] = [newId('sup'), newId('sup')];
    await told(SuppressionRemovedV1, caller, older, 'late@example.com');
    await knows('late@example.com', true);
    await told(SuppressionAddedV1, caller, older, 'late@example.com');
    await told(SuppressionAddedV1, caller, older, 'witness@example.com');
    await knows('witness@example.com', false);
    await knows('late@example.com', true);
    expect(await outcome(caller, 'late@example.com')).toBe('queued');
    await told(SuppressionAddedV1, caller, newer, 'late@example.com');
    await knows('late@example.com', false);
    await told(SuppressionRemovedV1, caller, older, 'late@example.com');
    await told(SuppressionRemovedV1, caller, older, 'witness@example.com');
    await knows('witness@example.com', true);
    expect(await outcome(caller, 'late@example.com')).toBe('recipients_blocked');
  });

  it('is filled from the snapshot, all pages and tenants; what neither it nor a fact names is dropped', async () => {
    const [ann, bob] = [callerOf(), callerOf({ mode: 'test' })];
    const gone = newId('sup');
    const restored = newId('sup');
    await told(SuppressionAddedV1, ann, restored, 'restored@example.com');
    await knows('restored@example.com', false);
    await told(SuppressionAddedV1, ann, gone, 'off@example.com');
    await knows('off@example.com', false);
    // As after a backup was restored: what delivery has dropped long ago is still there.
    await harness.sut.database.query(
      `UPDATE suppressed_addresses SET written_at = now() - interval '1 day' WHERE address = 'restored@example.com'`,
    );
    const entry = ({ organizationId, mode }: CommandContext, address: string, id = newId('sup')) => ({
      organizationId,
      mode,
      address,
      id,
      reason: 'bounce' as const,
    });
    const first = [entry(ann, 'off@example.com', gone), entry(ann, 'one@example.com')];
    const last = { organizationId: ann.organizationId, mode: ann.mode, address: 'one@example.com' };
    // Taken off after the first page was read, before it is written.
    await told(SuppressionRemovedV1, ann, gone, 'off@example.com');
    await knows('off@example.com', true);
    const player = await playService(harness.natsUrl, 'owner', [
      answer(GetSuppressionSnapshot, ({ after }) =>
        after === null ? { data: first, next: last } : { data: [entry(bob, 'two@example.com')], next: null },
      ),
    ]);
    try {
      await harness.sut.database.query(`UPDATE suppression_rebuild SET state = 'wanted'`);
      await waitFor(async () => {
        const [row] = await harness.sut.database.query<{ state: string }>('SELECT state FROM suppression_rebuild');
        return row?.state === 'done';
      }, 'the rebuild');
    } finally {
      await player.stop();
    }
    expect(await outcome(ann, 'one@example.com')).toBe('recipients_blocked');
    expect(await outcome(bob, 'two@example.com')).toBe('recipients_blocked');
    expect(await outcome(ann, 'two@example.com')).toBe('queued');
    expect(await outcome(ann, 'off@example.com')).toBe('queued');
    expect(await outcome(ann, 'restored@example.com')).toBe('queued');
  });
});
