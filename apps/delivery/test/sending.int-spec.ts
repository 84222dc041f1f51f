import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId, RecipientFailedV1, RecipientSentV1 } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const factsOf = async (messageId: string) =>
  (await stage.delivery.bus.factsOf(RecipientSentV1)).filter(({ data }) => data.messageId === messageId);
describe('sending', () => {
  test('a message that may be sent reaches SES once, with its tags, and is told', async () => {
    const organizationId = newId('org');
    const messageId = await stage.pass({
      organizationId,
      to: ['ann@example.com', 'Bob@example.com', 'bob@EXAMPLE.com'],
    });
    await stage.reaches(messageId, 'sent');
    const copies = await stage.copiesOf(messageId);
    expect(copies).toHaveLength(1);
    expect(copies[0]).toMatchObject({
      source: 'agent@postern.test',
      destinations: ['ann@example.com', 'bob@EXAMPLE.com'],
      configuration_set: 'postern',
      tags: {
        postern_message: messageId,
        postern_organization: organizationId,
        postern_mode: 'live',
        postern_attempt: '1',
        postern_trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    const [fact] = await waitFor(async () => {
      const facts = await factsOf(messageId);
      return facts.length > 0 && facts;
    }, 'the fact');
    expect(fact).toMatchObject({
      organizationId,
      mode: 'live',
      correlationId: 'test',
      data: {
        attempt: 1,
        recipients: ['ann@example.com', 'bob@EXAMPLE.com'],
        sesMessageId: copies[0]?.message_id,
        wireMessageId: `<${copies[0]?.message_id}@email.amazonses.com>`,
        settledLate: false,
      },
    });
    expect(fact?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
    expect((await stage.stateOf(messageId))?.content).toBeNull();
  });

  test('whom a list refuses gets no copy', async () => {
    const messageId = await stage.pass({
      organizationId: newId('org'),
      to: ['ann@example.com', 'Bob@example.com'],
      refused: ['bob@Example.com'],
    });
    await stage.reaches(messageId, 'sent');
    expect(await stage.copiesOf(messageId)).toMatchObject([{ destinations: ['ann@example.com'] }]);
    const [fact] = await waitFor(async () => {
      const facts = await factsOf(messageId);
      return facts.length > 0 && facts;
    }, 'the fact');
    expect(fact?.data).toMatchObject({ recipients: ['ann@example.com'] });
  });

  test('the same fact twice, and another fact for the same message: one copy', async () => {
    const message = { organizationId: newId('org'), messageId: newId('msg'), eventId: newId('evt') };
    await stage.pass(message);
    await stage.pass(message);
    await stage.pass({ ...message, eventId: newId('evt') });
    const last = await stage.pass({ organizationId: message.organizationId });
    await stage.reaches(last, 'sent');
    await stage.reaches(message.messageId, 'sent');
    expect(await stage.copiesOf(message.messageId)).toHaveLength(1);
    expect(await factsOf(message.messageId)).toHaveLength(1);
  });

  test('nothing goes out before its time', async () => {
    const notBefore = new Date(Date.now() + 1_200);
    const messageId = await stage.pass({ organizationId: newId('org'), notBefore });
    await stage.reaches(messageId, 'sent');
    const [copy] = await stage.copiesOf(messageId);
    expect(new Date(copy?.at ?? 0).getTime()).toBeGreaterThanOrEqual(notBefore.getTime());
  });

  test('what SES refuses for good is rejected, with what SES said', async () => {
    const messageId = await stage.pass({ organizationId: newId('org'), from: 'agent@not-verified.test' });
    await stage.reaches(messageId, 'rejected');
    const fact = await waitFor(
      async () =>
        (await stage.delivery.bus.factsOf(RecipientFailedV1)).find(({ data }) => data.messageId === messageId),
      'the fact',
    );
    expect(fact.data).toMatchObject({
      outcome: 'rejected',
      code: 'MessageRejected',
      reason: expect.stringContaining('not verified'),
      recipients: ['ann@example.com'],
    });
  });

  test('content that is not what was approved is never sent', async () => {
    const messageId = await stage.pass({ organizationId: newId('org'), wrongHash: true });
    expect(await stage.reaches(messageId, 'failed')).toMatchObject({ last_error: 'content_mismatch' });
    expect(await stage.copiesOf(messageId)).toHaveLength(0);
  });

  test('what was approved for others is never sent', async () => {
    const messageId = await stage.pass({ organizationId: newId('org'), wrongEnvelope: true });
    expect(await stage.reaches(messageId, 'failed')).toMatchObject({ last_error: 'envelope_mismatch' });
    expect(await stage.copiesOf(messageId)).toHaveLength(0);
  });

  test('test mode never reaches SES', async () => {
    const messageId = await stage.pass({ organizationId: newId('org'), mode: 'test' });
    await stage.reaches(messageId, 'sent');
    expect((await stage.stateOf(messageId))?.ses_message_id).toMatch(/^dry-/);
    expect(await stage.copiesOf(messageId)).toHaveLength(0);
  });
});
