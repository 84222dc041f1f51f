import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type Feedback,
  FeedbackResolvedV1,
  FeedbackUntaggedV1,
  type InboxId,
  type MessageId,
  newId,
  type OrganizationId,
  SuppressionAddedV1,
} from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const bounce = (inboxId: InboxId, more: Partial<Feedback>, address = 'Ann@example.com'): Feedback => ({
  kind: 'bounced',
  type: 'Permanent',
  subType: null,
  sesMessageId: '',
  messageId: null,
  attempt: null,
  at: new Date().toISOString(),
  recipients: [{ address, status: '5.1.1', diagnostic: null }],
  toldTo: { inboxId },
  ...more,
});

async function sentMessage() {
  const organizationId = newId('org');
  const inboxId = newId('inb');
  const to = ['ann@example.com', 'bob@example.com'];
  const messageId = (await stage.pass({ organizationId, inboxId, to })) as MessageId;
  const { ses_message_id } = await stage.reaches(messageId, 'sent');
  return { organizationId, inboxId, messageId, sesMessageId: ses_message_id ?? '' };
}

const tell = (organizationId: OrganizationId, data: Feedback) =>
  stage.delivery.bus.publish(FeedbackUntaggedV1, { organizationId, mode: 'live', data });
const resolved = async (messageId: string) =>
  (await stage.delivery.bus.factsOf(FeedbackResolvedV1)).filter(({ data }) => data.messageId === messageId);
const suppressed = async (organizationId: string) =>
  (await stage.delivery.bus.factsOf(SuppressionAddedV1)).filter((fact) => fact.organizationId === organizationId);

test.each(['messageId', 'sesMessageId'] as const)('a report to the inbox that sent it counts, by %s', async (name) => {
  const sent = await sentMessage();
  await tell(sent.organizationId, bounce(sent.inboxId, { [name]: sent[name] }));
  const [fact] = await waitFor(async () => {
    const facts = await resolved(sent.messageId);
    return facts.length > 0 && facts;
  }, 'the feedback');
  expect(fact?.data).toMatchObject({ sesMessageId: sent.sesMessageId, recipients: [{ address: 'Ann@example.com' }] });
  const [added] = await waitFor(async () => {
    const facts = await suppressed(sent.organizationId);
    return facts.length > 0 && facts;
  }, 'the suppression');
  expect(added?.data.suppression).toMatchObject({ address: 'ann@example.com', source_message_id: sent.messageId });
});

test('a forged report suppresses nobody', async () => {
  const sent = await sentMessage();
  const other = await sentMessage();
  const ids = { messageId: sent.messageId };
  await tell(sent.organizationId, bounce(newId('inb'), ids));
  await tell(sent.organizationId, bounce(sent.inboxId, ids, 'carol@example.com'));
  await tell(sent.organizationId, bounce(sent.inboxId, { messageId: newId('msg') }));
  await tell(sent.organizationId, bounce(sent.inboxId, { sesMessageId: other.sesMessageId }));
  await tell(other.organizationId, bounce(sent.inboxId, ids));
  await tell(other.organizationId, bounce(other.inboxId, { sesMessageId: sent.sesMessageId }));
  // One that is true, behind the others in the same stream: when it has come through, they have, too.
  await tell(sent.organizationId, bounce(sent.inboxId, ids, 'bob@example.com'));
  await waitFor(async () => (await suppressed(sent.organizationId)).length, 'the true one');
  expect((await suppressed(sent.organizationId)).map(({ data }) => data.suppression.address)).toEqual([
    'bob@example.com',
  ]);
  expect(await suppressed(other.organizationId)).toEqual([]);
  expect(await resolved(sent.messageId)).toHaveLength(1);
});

test('a report proves no send that nobody else proves, and is not kept for later', async () => {
  const organizationId = newId('org');
  const inboxId = newId('inb');
  const notBefore = new Date(Date.now() + 3_600_000);
  const messageId = (await stage.pass({ organizationId, inboxId, notBefore })) as MessageId;
  await stage.reaches(messageId, 'pending');
  const sent = await sentMessage();
  await tell(organizationId, bounce(inboxId, { messageId }));
  await tell(sent.organizationId, bounce(sent.inboxId, { messageId: sent.messageId }));
  await waitFor(async () => (await suppressed(sent.organizationId)).length, 'the true one');
  expect(await suppressed(organizationId)).toEqual([]);
  expect(await resolved(messageId)).toEqual([]);
  await stage.reaches(messageId, 'pending');
});
