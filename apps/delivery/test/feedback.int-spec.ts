import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Feedback,
  FEEDBACK_EVENTS,
  FeedbackResolvedV1,
  FeedbackUntaggedV1,
  type MessageId,
  newId,
  type OrganizationId,
  PLATFORM_ORGANIZATION,
  RecipientSuppressedV1,
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

const feedback = (kind: Feedback['kind'], more: Partial<Feedback>, ...addresses: string[]): Feedback => ({
  kind,
  sesMessageId: 'ses-1',
  messageId: null,
  attempt: null,
  type: null,
  subType: null,
  at: new Date().toISOString(),
  ...more,
  recipients: addresses.map((address) => ({ address, status: null, diagnostic: null })),
});
const sentMessage = async (organizationId: OrganizationId, ...to: string[]) => {
  const messageId = await stage.pass({ organizationId, to });
  const { ses_message_id } = await stage.reaches(messageId, 'sent');
  return { messageId: messageId as MessageId, sesMessageId: ses_message_id ?? '' };
};
const suppressedOf = async (organizationId: string) =>
  (await stage.delivery.bus.factsOf(SuppressionAddedV1)).filter((fact) => fact.organizationId === organizationId);
const resolvedOf = async (messageId: string) =>
  (await stage.delivery.bus.factsOf(FeedbackResolvedV1)).filter(({ data }) => data.messageId === messageId);

describe('feedback', () => {
  test('a permanent bounce suppresses: the next message leaves that recipient out', async () => {
    const organizationId = newId('org');
    const sent = await sentMessage(organizationId, 'Ann@example.com', 'bob@example.com');
    await stage.delivery.bus.publish(FEEDBACK_EVENTS.bounced, {
      organizationId,
      mode: 'live',
      data: feedback('bounced', { ...sent, attempt: 1, type: 'Permanent', subType: 'General' }, 'ann@EXAMPLE.com'),
    });
    const [added] = await waitFor(async () => {
      const facts = await suppressedOf(organizationId);
      return facts.length > 0 && facts;
    }, 'the suppression');
    expect(added?.data.suppression).toMatchObject({
      address: 'ann@example.com',
      reason: 'bounce',
      source_message_id: sent.messageId,
    });

    const next = await stage.pass({ organizationId, to: ['ANN@example.com', 'bob@example.com'] });
    await stage.reaches(next, 'sent');
    expect((await stage.copiesOf(next))[0]?.destinations).toEqual(['bob@example.com']);
    const leftOut = await waitFor(
      async () => (await stage.delivery.bus.factsOf(RecipientSuppressedV1)).find(({ data }) => data.messageId === next),
      'the fact',
    );
    expect(leftOut.data.recipients).toEqual([{ address: 'ANN@example.com', reason: 'suppressed_bounce' }]);

    const nobody = await stage.pass({ organizationId, to: ['ann@example.com'] });
    await stage.reaches(nobody, 'suppressed');
    expect(await stage.copiesOf(nobody)).toEqual([]);

    const other = await sentMessage(newId('org'), 'ann@example.com');
    expect((await stage.copiesOf(other.messageId))[0]?.destinations).toEqual(['ann@example.com']);
  });

  test('a complaint that names several suppresses each, once, however often it comes', async () => {
    const organizationId = newId('org');
    const sent = await sentMessage(organizationId, 'ann@example.com', 'bob@example.com');
    const data = feedback('complained', { ...sent, attempt: 1, type: 'abuse' }, 'ann@example.com', 'bob@example.com');
    for (let i = 0; i < 3; i += 1) {
      await stage.delivery.bus.publish(FEEDBACK_EVENTS.complained, { organizationId, mode: 'live', data });
    }
    await waitFor(async () => (await suppressedOf(organizationId)).length >= 2, 'both');
    await stage.showLife();
    const added = await suppressedOf(organizationId);
    expect(added.map((fact) => fact.data.suppression.address).sort()).toEqual(['ann@example.com', 'bob@example.com']);
    const rows = await stage.delivery.database.query('SELECT one_of FROM suppressions WHERE organization_id = $1', [
      organizationId,
    ]);
    expect(rows).toEqual([{ one_of: 2 }, { one_of: 2 }]);
  });

  test('without tags it is matched by its SES id', async () => {
    const organizationId = newId('org');
    const sent = await sentMessage(organizationId, 'ann@example.com');
    await stage.delivery.bus.publish(FeedbackUntaggedV1, {
      organizationId: PLATFORM_ORGANIZATION,
      mode: 'live',
      data: feedback('bounced', { sesMessageId: sent.sesMessageId, type: 'Permanent' }, 'someone.else@example.org'),
    });
    const [fact] = await waitFor(async () => {
      const facts = await resolvedOf(sent.messageId);
      return facts.length > 0 && facts;
    }, 'the fact');
    expect(fact).toMatchObject({ organizationId, mode: 'live', data: { kind: 'bounced', source: 'matched' } });
    // The address is none of the message's, but the message has one recipient only.
    await waitFor(async () => (await suppressedOf(organizationId))[0], 'the suppression');
    expect((await suppressedOf(organizationId))[0]?.data.suppression.address).toBe('ann@example.com');
  });

  test('that came before our own commit is parked, and matched afterwards', async () => {
    await stage.delivery.bus.publish(FeedbackUntaggedV1, {
      organizationId: PLATFORM_ORGANIZATION,
      mode: 'live',
      data: feedback('delivered', { sesMessageId: 'ses-early' }, 'ann@example.com'),
    });
    await waitFor(
      async () => (await stage.delivery.database.query('SELECT 1 FROM parked_feedback'))[0],
      'the feedback to be parked',
    );
    const { messageId } = await sentMessage(newId('org'), 'ann@example.com');
    expect(await resolvedOf(messageId)).toEqual([]);
    await stage.delivery.database.query(`UPDATE sends SET ses_message_id = 'ses-early' WHERE message_id = $1`, [
      messageId,
    ]);
    await waitFor(async () => (await resolvedOf(messageId))[0], 'the fact');
    expect(await stage.delivery.database.query('SELECT 1 FROM parked_feedback')).toEqual([]);
  });

  test('test mode: the outcome of the simulator is told at once, and suppresses in test mode only', async () => {
    const organizationId = newId('org');
    const bounce = 'bounce+7@simulator.amazonses.com';
    const messageId = await stage.pass({ organizationId, mode: 'test', to: [bounce, 'ann@example.com'] });
    await stage.reaches(messageId, 'sent');
    const resolved = await waitFor(async () => {
      const facts = await resolvedOf(messageId);
      return facts.length === 2 && facts;
    }, 'the facts');
    expect(resolved.map(({ mode, data }) => [mode, data.kind, data.source])).toEqual([
      ['test', 'delivered', 'simulated'],
      ['test', 'bounced', 'simulated'],
    ]);
    await waitFor(async () => (await suppressedOf(organizationId))[0]?.mode === 'test', 'the suppression');

    const again = await stage.pass({ organizationId, mode: 'test', to: [bounce] });
    await stage.reaches(again, 'suppressed');
    const live = await stage.pass({ organizationId, mode: 'live', to: [bounce] });
    await stage.reaches(live, 'sent');
    expect(await stage.copiesOf(messageId)).toEqual([]);
  });
});
