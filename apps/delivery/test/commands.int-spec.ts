import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CancelSend,
  CreateSuppression,
  DeleteSuppression,
  ListSuppressions,
  type MessageId,
  newId,
  SuppressionAddedV1,
  SuppressionRemovedV1,
} from '@postern/contracts';
import { callerOf, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const page = { limit: 25 };

describe('the suppression list', () => {
  test('an address is suppressed once, found without case, and told', async () => {
    const caller = callerOf();
    const made = await stage.delivery.ask(CreateSuppression, caller, { address: 'Ann@Example.com' });
    expect(made).toMatchObject({ address: 'ann@example.com', reason: 'manual', source_message_id: null });
    expect(await stage.delivery.ask(CreateSuppression, caller, { address: 'ann@example.com' })).toEqual(made);
    expect(await stage.delivery.ask(ListSuppressions, caller, { ...page, address: 'ANN@example.com' })).toEqual({
      data: [made],
      has_more: false,
      next_cursor: null,
    });
    await waitFor(
      async () =>
        (await stage.delivery.bus.factsOf(SuppressionAddedV1)).some(({ data }) => data.suppression.id === made.id),
      'the fact',
    );
  });

  test('the same idempotency key gives the same suppression; with another address it is a conflict', async () => {
    const caller = callerOf();
    const idempotency = { key: 'k-1', scope: 'POST /v1/suppressions', bodyHash: 'a'.repeat(64) };
    const first = await stage.delivery.ask(CreateSuppression, { ...caller, idempotency }, { address: 'a@example.com' });
    const again = await stage.delivery.ask(CreateSuppression, { ...caller, idempotency }, { address: 'a@example.com' });
    expect(again).toEqual(first);
    const other = { ...idempotency, bodyHash: 'b'.repeat(64) };
    await expect(
      stage.delivery.ask(CreateSuppression, { ...caller, idempotency: other }, { address: 'b@example.com' }),
    ).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  test('pages go newest first, and a bad cursor is refused', async () => {
    const caller = callerOf();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push((await stage.delivery.ask(CreateSuppression, caller, { address: `${name}@example.com` })).id);
    }
    const first = await stage.delivery.ask(ListSuppressions, caller, { limit: 2 });
    expect(first).toMatchObject({ data: [{ id: ids[2] }, { id: ids[1] }], has_more: true });
    const cursor = first.next_cursor ?? '';
    expect(await stage.delivery.ask(ListSuppressions, caller, { limit: 2, cursor })).toMatchObject({
      data: [{ id: ids[0] }],
      has_more: false,
      next_cursor: null,
    });
    await expect(stage.delivery.ask(ListSuppressions, caller, { limit: 2, cursor: 'x' })).rejects.toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: 'cursor' }] },
    });
  });

  test('removed once; another tenant or mode never sees it', async () => {
    const caller = callerOf();
    const { id } = await stage.delivery.ask(CreateSuppression, caller, { address: 'ann@example.com' });
    for (const stranger of [callerOf(), { ...caller, mode: 'test' as const }]) {
      expect((await stage.delivery.ask(ListSuppressions, stranger, page)).data).toEqual([]);
      await expect(stage.delivery.ask(DeleteSuppression, stranger, { id })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    await expect(stage.delivery.ask(DeleteSuppression, caller, { id: 'sup_nonsense' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await stage.delivery.ask(DeleteSuppression, caller, { id })).toEqual({});
    await expect(stage.delivery.ask(DeleteSuppression, caller, { id })).rejects.toMatchObject({ code: 'not_found' });
    await waitFor(
      async () =>
        (await stage.delivery.bus.factsOf(SuppressionRemovedV1)).some(({ data }) => data.suppression.id === id),
      'the fact',
    );
    const messageId = await stage.pass({ organizationId: caller.organizationId });
    await stage.reaches(messageId, 'sent');
  });
});

describe('the last door', () => {
  const later = () => new Date(Date.now() + 3_600_000);

  test('a message that waits for its time is cancelled, also twice', async () => {
    const caller = callerOf();
    const messageId = (await stage.pass({
      organizationId: caller.organizationId,
      notBefore: later(),
    })) as MessageId;
    await stage.reaches(messageId, 'pending');
    expect(await stage.delivery.ask(CancelSend, caller, { messageId })).toEqual({ cancelled: true });
    expect(await stage.delivery.ask(CancelSend, caller, { messageId })).toEqual({ cancelled: true });
    expect(await stage.stateOf(messageId)).toMatchObject({ state: 'cancelled', content: null });
  });

  test('a message that is cancelled before it came is never sent', async () => {
    const caller = callerOf();
    const messageId = newId('msg');
    expect(await stage.delivery.ask(CancelSend, caller, { messageId })).toEqual({ cancelled: true });
    await stage.pass({ organizationId: caller.organizationId, messageId });
    const after = await stage.pass({ organizationId: caller.organizationId });
    await stage.reaches(after, 'sent');
    expect(await stage.stateOf(messageId)).toMatchObject({ state: 'cancelled' });
    expect(await stage.copiesOf(messageId)).toEqual([]);
  });

  test('what was sent, or may have been, cannot be cancelled', async () => {
    const caller = callerOf();
    const messageId = (await stage.pass({ organizationId: caller.organizationId })) as MessageId;
    await stage.reaches(messageId, 'sent');
    expect(await stage.delivery.ask(CancelSend, caller, { messageId })).toEqual({ cancelled: false });

    const doubted = (await stage.pass({ organizationId: caller.organizationId, notBefore: later() })) as MessageId;
    await stage.reaches(doubted, 'pending');
    await stage.delivery.database.query('UPDATE sends SET doubts = 1, attempt = 1 WHERE message_id = $1', [doubted]);
    expect(await stage.delivery.ask(CancelSend, caller, { messageId: doubted })).toEqual({ cancelled: false });
  });

  test("another tenant's message is out of reach", async () => {
    const caller = callerOf();
    const messageId = (await stage.pass({
      organizationId: caller.organizationId,
      notBefore: later(),
    })) as MessageId;
    await stage.reaches(messageId, 'pending');
    await stage.delivery.ask(CancelSend, callerOf(), { messageId });
    const rows = await stage.delivery.database.query(
      'SELECT state FROM sends WHERE message_id = $1 AND organization_id = $2',
      [messageId, caller.organizationId],
    );
    expect(rows).toEqual([{ state: 'pending' }]);
  });
});
