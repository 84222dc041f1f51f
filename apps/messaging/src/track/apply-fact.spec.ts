import { describe, expect, it } from '@jest/globals';
import {
  newId,
  RecipientSentV1,
  ScanApprovalResolvedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  FEEDBACK_EVENTS,
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSuppressedV1,
  type Feedback,
  type Security,
} from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { applyFact, type TrackedFact } from './apply-fact.js';

const AT = '2026-11-21T12:00:00.000Z';
const SECURITY: Security = { risk_score: 80, summary: 'A secret.', detections: [], triggered_policy: null };

function messageTo(...addresses: string[]): MessageWithState {
  const recipients = addresses.map((address) => ({
    address,
    role: 'to' as const,
    status: 'queued' as const,
    reason: null,
    smtp_response: null,
    updated_at: AT,
  }));
  // Only what applyFact reads; the rest of a message never matters to it.
  return {
    id: newId('msg'),
    stage: 'queued',
    delivery_status: 'queued',
    security_status: 'pending',
    recipients,
    provider_message_id: null,
    wire_message_id: null,
    version: 1,
  } as unknown as MessageWithState;
}

const fact = (type: string, data: object): TrackedFact =>
  ({ id: newId('evt'), type, occurredAt: AT, organizationId: 'o', mode: 'live', data }) as unknown as TrackedFact;

const feedback = (
  message: MessageWithState,
  kind: Feedback['kind'],
  addresses: string[],
  more: Partial<Feedback> = {},
) =>
  fact(FEEDBACK_EVENTS[kind].type, {
    kind,
    sesMessageId: 'ses-1',
    messageId: message.id,
    attempt: 1,
    recipients: addresses.map((address) => ({ address, status: null, diagnostic: '550 no' })),
    type: null,
    subType: null,
    at: AT,
    ...more,
  });
const sentFact = (message: MessageWithState) =>
  fact(RecipientSentV1.type, {
    messageId: message.id,
    attempt: 1,
    at: AT,
    recipients: message.recipients.map(({ address }) => address),
    sesMessageId: 'ses-1',
    wireMessageId: '<ses-1@email.amazonses.com>',
    settledLate: false,
  });

/** Applies facts one after the other. */
function play(message: MessageWithState, facts: TrackedFact[]) {
  const told: (string | null)[] = [];
  let current = message;
  for (const one of facts) {
    for (const step of applyFact(current, one)) {
      expect(step.message.version).toBe(current.version + 1);
      current = step.message;
      told.push(step.announce);
    }
  }
  return { message: current, told: told.filter((type) => type !== null) };
}

describe(applyFact, () => {
  it('tells sent first, also when feedback comes first', () => {
    const message = messageTo('a@x.test', 'b@x.test');
    const played = play(message, [feedback(message, 'delivered', ['A@X.test']), sentFact(message)]);
    expect(played.told).toEqual(['message.sent', 'message.delivered']);
    expect(played.message).toMatchObject({ delivery_status: 'sent', wire_message_id: '<ses-1@email.amazonses.com>' });
    expect(played.message.recipients.map(({ status }) => status)).toEqual(['delivered', 'sent']);
  });

  it('applies what names nobody only when there is one recipient', () => {
    const one = messageTo('a@x.test');
    expect(play(one, [feedback(one, 'bounced', ['forwarded@elsewhere.test'])]).message.recipients[0]?.status).toBe(
      'bounced',
    );
    const two = messageTo('a@x.test', 'b@x.test');
    expect(
      play(two, [feedback(two, 'bounced', ['forwarded@elsewhere.test'])]).message.recipients.map(
        ({ status }) => status,
      ),
    ).toEqual(['queued', 'queued']);
  });

  it('marks a complaint that names several as one of them', () => {
    const message = messageTo('a@x.test', 'b@x.test');
    const played = play(message, [
      sentFact(message),
      feedback(message, 'complained', ['a@x.test', 'b@x.test'], { type: 'abuse' }),
    ]);
    expect(played.told).toEqual(['message.sent', 'message.complained', 'message.complained']);
    expect(played.message.recipients.map(({ reason }) => reason)).toEqual(['one_of_n', 'one_of_n']);
  });

  it('ends everyone when SES rejects the message', () => {
    const message = messageTo('a@x.test', 'b@x.test');
    const played = play(message, [sentFact(message), feedback(message, 'rejected', [], { type: 'Bad content' })]);
    expect(played.message.delivery_status).toBe('rejected');
  });

  it('shows a held message, and lets it go on', () => {
    const message = messageTo('a@x.test');
    const held = play(message, [
      fact(ScanOutboundHeldV1.type, {
        messageId: message.id,
        version: 1,
        approvalId: newId('apr'),
        security: SECURITY,
        securityStatus: 'flagged',
      }),
    ]);
    expect(held.message).toMatchObject({
      delivery_status: 'held',
      security_status: 'flagged',
      approval: { status: 'pending' },
    });
    expect(held.told).toEqual(['message.flagged']);
    const passed = fact(ScanOutboundPassedV1.type, {
      dispatch: { messageId: message.id },
      security: SECURITY,
      securityStatus: 'clean',
    });
    expect(play(held.message, [passed]).message).toMatchObject({ delivery_status: 'queued', security_status: 'clean' });
  });

  it('is told to be flagged once, also when people let it go as it is', () => {
    const message = messageTo('a@x.test');
    const judged = { security: SECURITY, securityStatus: 'flagged' };
    const held = fact(ScanOutboundHeldV1.type, {
      ...judged,
      messageId: message.id,
      version: 1,
      approvalId: newId('apr'),
    });
    const passed = fact(ScanOutboundPassedV1.type, { ...judged, dispatch: { messageId: message.id } });
    const played = play(message, [held, passed]);
    expect(played.message).toMatchObject({ delivery_status: 'queued', security_status: 'flagged' });
    expect(played.told).toEqual(['message.flagged']);
  });

  it('says how the approval ended, when that is not told by what became of the message', () => {
    const message = messageTo('a@x.test');
    const approvalId = newId('apr');
    const waiting = { messageId: message.id, version: 1, approvalId, security: SECURITY };
    const resolved = (outcome: string) =>
      fact(ScanApprovalResolvedV1.type, { messageId: message.id, approvalId, version: 1, outcome, decidedBy: null });
    const held = fact(ScanOutboundHeldV1.type, { ...waiting, securityStatus: 'clean' });
    const rejected = fact(ScanOutboundRejectedV1.type, { ...waiting, reason: 'Nobody approved it in time.' });
    const played = play(message, [held, rejected, resolved('expired'), resolved('expired')]);
    expect(played.message).toMatchObject({ delivery_status: 'rejected', approval: { status: 'expired' } });
    expect(played.told).toEqual(['message.rejected']);
    expect(play(message, [held, rejected, resolved('rejected')]).message.version).toBe(3);
    const expired = fact(ScanOutboundRejectedV1.type, { ...waiting, approvalStatus: 'expired', reason: 'Too late.' });
    expect(play(message, [held, expired]).message.approval).toEqual({ id: approvalId, status: 'expired' });
    expect(play(message, [held, expired, resolved('expired')]).message.version).toBe(3);
  });

  it('never takes a message back that was handed over', () => {
    const message = messageTo('a@x.test');
    const passed = fact(ScanOutboundPassedV1.type, {
      dispatch: { messageId: message.id },
      security: SECURITY,
      securityStatus: 'clean',
    });
    const deferred = fact(RecipientDeferredV1.type, {
      messageId: message.id,
      attempt: 1,
      at: AT,
      reason: 'in_doubt',
      nextAttemptAt: null,
    });
    expect(play(message, [sentFact(message), passed, deferred]).message).toMatchObject({
      delivery_status: 'sent',
      security_status: 'clean',
    });
  });

  it('reads sending while an attempt is in doubt', () => {
    const message = messageTo('a@x.test');
    const deferred = fact(RecipientDeferredV1.type, {
      messageId: message.id,
      attempt: 1,
      at: AT,
      reason: 'in_doubt',
      nextAttemptAt: null,
    });
    expect(play(message, [deferred]).message).toMatchObject({ delivery_status: 'sending' });
    expect(play(message, [deferred, sentFact(message)]).told).toEqual(['message.sent']);
  });

  it('says why it waits and until when, as long as it does', () => {
    const message = messageTo('a@x.test');
    const delay = (reason: string, nextAttemptAt: string | null) =>
      fact(RecipientDeferredV1.type, { messageId: message.id, attempt: 1, at: AT, reason, nextAttemptAt });
    const throttled = delay('throttled', '2026-11-21T14:00:00.000Z');
    const waits = play(message, [throttled]).message;
    expect(waits).toMatchObject({
      delivery_status: 'queued',
      recipients: [{ status: 'queued', reason: 'throttled', expected_at: '2026-11-21T14:00:00.000Z' }],
    });
    const [stands] = play(message, [throttled, delay('sending_paused', null)]).message.recipients;
    expect(stands).toMatchObject({ reason: 'sending_paused' });
    expect(stands).not.toHaveProperty('expected_at');
    const [sent] = play(message, [throttled, sentFact(message)]).message.recipients;
    expect(sent).toMatchObject({ status: 'sent', reason: null });
    expect(sent).not.toHaveProperty('expected_at');
  });

  it('says why it waits for people, until they let it go', () => {
    const message = messageTo('a@x.test');
    const held = fact(ScanOutboundHeldV1.type, {
      messageId: message.id,
      version: 1,
      approvalId: newId('apr'),
      security: SECURITY,
      securityStatus: 'flagged',
      approval: { reason: 'policy' },
    });
    const passed = fact(ScanOutboundPassedV1.type, {
      dispatch: { messageId: message.id },
      security: SECURITY,
      securityStatus: 'flagged',
    });
    const waits = play(message, [held]).message;
    expect(waits).toMatchObject({ delivery_status: 'held', recipients: [{ status: 'queued', reason: 'policy' }] });
    expect(play(message, [held, passed]).message).toMatchObject({
      delivery_status: 'queued',
      recipients: [{ status: 'queued', reason: null }],
    });
  });

  it('is rejected with the reason when the guard blocks it', () => {
    const message = messageTo('a@x.test');
    const played = play(message, [
      fact(ScanOutboundRejectedV1.type, { messageId: message.id, version: 1, security: SECURITY, reason: 'secrets' }),
    ]);
    expect(played.message).toMatchObject({ delivery_status: 'rejected', security_status: 'blocked' });
    expect(played.message.recipients[0]).toMatchObject({ status: 'rejected', reason: 'secrets' });
    expect(played.told).toEqual(['message.rejected']);
  });

  it.each(['before', 'after'])('leaves out whom a list refuses, told %s the hand-over', (when) => {
    const message = messageTo('a@x.test', 'B@x.test');
    const passed = fact(ScanOutboundPassedV1.type, {
      dispatch: { messageId: message.id },
      security: SECURITY,
      securityStatus: 'clean',
      refused: [{ address: 'b@X.test', reason: 'not_allowed' }],
    });
    const sent = sentFact({ ...message, recipients: message.recipients.slice(0, 1) });
    const played = play(message, when === 'before' ? [passed, sent, passed] : [sent, passed]);
    expect(played.message.recipients).toMatchObject([
      { status: 'sent', reason: null },
      { status: 'rejected', reason: 'not_allowed' },
    ]);
    expect(played.told).toEqual(['message.sent']);
  });

  it('tells each recipient its own reason when lists leave nobody', () => {
    const message = messageTo('a@x.test', 'b@x.test');
    const refused = [
      { address: 'a@x.test', reason: 'block_list' },
      { address: 'b@x.test', reason: 'not_allowed' },
    ];
    const rejected = { messageId: message.id, version: 1, security: SECURITY, reason: 'block_list', refused };
    const played = play(message, [fact(ScanOutboundRejectedV1.type, rejected)]);
    expect(played.message.recipients.map(({ status, reason }) => [status, reason])).toEqual([
      ['rejected', 'block_list'],
      ['rejected', 'not_allowed'],
    ]);
    expect(played.told).toEqual(['message.rejected']);
  });

  it('fails only those that were asked, and believes later proof', () => {
    const message = messageTo('a@x.test');
    const failed = fact(RecipientFailedV1.type, {
      messageId: message.id,
      attempt: 1,
      at: AT,
      outcome: 'failed',
      code: 'x',
      reason: 'gave up',
      recipients: ['a@x.test'],
    });
    const played = play(message, [failed, failed, sentFact(message)]);
    expect(played.told).toEqual(['message.failed', 'message.sent']);
    expect(played.message.delivery_status).toBe('sent');
  });

  it('counts suppressed recipients only when nobody else is left', () => {
    const message = messageTo('a@x.test', 'b@x.test');
    const suppressed = (address: string) =>
      fact(RecipientSuppressedV1.type, {
        messageId: message.id,
        at: AT,
        recipients: [{ address, reason: 'suppressed_bounce' }],
      });
    const one = play(message, [suppressed('b@x.test')]);
    expect(one).toMatchObject({ told: [], message: { delivery_status: 'queued' } });
    const both = play(one.message, [suppressed('a@x.test')]);
    expect(both).toMatchObject({ told: ['message.rejected'], message: { delivery_status: 'rejected' } });
  });
});
