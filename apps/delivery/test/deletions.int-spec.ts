import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  FEEDBACK_EVENTS,
  MessageDeletedV1,
  type MessageId,
  newId,
  type OrganizationId,
  SuppressionAddedV1,
} from '@postern/contracts';
import { DeletionSweep } from '@postern/eventing';
import { deletionOf, waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

const HOUR_MS = 3600 * 1000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const isDeleted = async (organizationId: OrganizationId, messageId: string) => {
  await stage.delivery.bus.publish(MessageDeletedV1, deletionOf({ organizationId, mode: 'live' }, messageId));
  await waitFor(
    async () =>
      (await stage.delivery.database.query(`SELECT 1 FROM tombstones WHERE message_id = $1`, [messageId])).length,
    'the tombstone',
  );
};
const tombstonesEnd = async () => {
  await stage.delivery.database.query(`UPDATE tombstones SET sweep_at = NULL`);
  await stage.delivery.app.get(DeletionSweep).turn(new Date(Date.now() + 73 * HOUR_MS));
};
const bounces = (organizationId: OrganizationId, messageId: string, address: string, sesMessageId: string) =>
  stage.delivery.bus.publish(FEEDBACK_EVENTS.bounced, {
    organizationId,
    mode: 'live',
    data: {
      kind: 'bounced',
      sesMessageId,
      messageId: messageId as MessageId,
      attempt: 1,
      recipients: [{ address, status: null, diagnostic: null }],
      type: 'Permanent',
      subType: 'General',
      at: new Date().toISOString(),
    },
  });
const suppressed = (organizationId: string) =>
  waitFor(
    async () =>
      (await stage.delivery.bus.factsOf(SuppressionAddedV1)).find((fact) => fact.organizationId === organizationId),
    'the suppression',
  );

test('a message that waits is not sent any more, and its content is forgotten', async () => {
  const organizationId = newId('org');
  const messageId = await stage.pass({ organizationId, notBefore: new Date(Date.now() + HOUR_MS) });
  await stage.reaches(messageId, 'pending');
  await isDeleted(organizationId, messageId);
  expect(await stage.stateOf(messageId)).toMatchObject({ state: 'cancelled', content: null });
});

test('a deletion that comes before the message wins', async () => {
  const organizationId = newId('org');
  const messageId = newId('msg');
  await isDeleted(organizationId, messageId);
  await stage.pass({ organizationId, messageId });
  await stage.reaches(await stage.pass({ organizationId }), 'sent');
  expect(await stage.stateOf(messageId)).toMatchObject({ state: 'cancelled', content: null });
  expect(await stage.copiesOf(messageId)).toEqual([]);
});

test('an inbound message leaves no send behind', async () => {
  const organizationId = newId('org');
  const messageId = newId('msg');
  const fact = deletionOf({ organizationId, mode: 'live' }, messageId, { direction: 'inbound' });
  await stage.delivery.bus.publish(MessageDeletedV1, fact);
  await isDeleted(organizationId, newId('msg'));
  expect(await stage.stateOf(messageId)).toBeUndefined();
});

test('a bounce of a deleted message still suppresses the address', async () => {
  const organizationId = newId('org');
  const messageId = await stage.pass({ organizationId, to: ['gone@example.com'] });
  const { ses_message_id } = await stage.reaches(messageId, 'sent');
  await isDeleted(organizationId, messageId);
  await bounces(organizationId, messageId, 'gone@example.com', ses_message_id ?? '');
  expect((await suppressed(organizationId)).data.suppression).toMatchObject({
    address: 'gone@example.com',
    reason: 'bounce',
    source_message_id: messageId,
  });
});

test('after 72 h nothing is left of it, and a bounce still suppresses', async () => {
  const organizationId = newId('org');
  const messageId = await stage.pass({ organizationId, to: ['later@example.com'] });
  const { ses_message_id } = await stage.reaches(messageId, 'sent');
  await isDeleted(organizationId, messageId);
  await tombstonesEnd();
  expect(await stage.stateOf(messageId)).toBeUndefined();
  await bounces(organizationId, messageId, 'later@example.com', ses_message_id ?? '');
  expect((await suppressed(organizationId)).data.suppression).toMatchObject({ address: 'later@example.com' });
});
