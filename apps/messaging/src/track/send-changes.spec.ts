import { describe, expect, it } from '@jest/globals';
import {
  newId,
  ScanApprovalResolvedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  SendCancelledV1,
  SendMovedV1,
} from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { applyFact, type TrackedFact } from './apply-fact.js';

const AT = '2026-11-21T12:00:00.000Z';
const SOON = '2026-11-21T13:00:00.000Z';
const LATER = '2026-11-22T08:00:00.000Z';

const messageThat = (given: Partial<MessageWithState>): MessageWithState =>
  ({
    id: newId('msg'),
    stage: 'queued',
    delivery_status: given.stage ?? 'queued',
    security_status: 'pending',
    recipients: [
      {
        address: 'a@example.com',
        role: 'to',
        status: 'queued',
        reason: 'inbox_paused',
        smtp_response: null,
        updated_at: AT,
      },
      {
        address: 'b@example.com',
        role: 'cc',
        status: 'skipped',
        reason: 'suppressed_bounce',
        smtp_response: null,
        updated_at: AT,
      },
    ],
    approval: null,
    send_at: null,
    provider_message_id: null,
    wire_message_id: null,
    version: 1,
    ...given,
  }) as unknown as MessageWithState;
const fact = (type: string, data: object): TrackedFact =>
  ({ id: newId('evt'), type, occurredAt: AT, organizationId: 'o', mode: 'live', data }) as unknown as TrackedFact;

const stopped = fact(SendCancelledV1.type, { messageId: 'm', at: AT });
const approval = { id: newId('apr'), status: 'pending' };

describe('a cancellation', () => {
  it.each(['scheduled', 'held', 'queued'] as const)('ends a %s message, for everybody who was to get it', (stage) => {
    const [step, ...more] = applyFact(messageThat({ stage, approval: stage === 'held' ? approval : null }), stopped);
    expect(more).toEqual([]);
    expect(step).toMatchObject({
      announce: 'message.cancelled',
      message: {
        delivery_status: 'cancelled',
        version: 2,
        recipients: [
          { status: 'cancelled', reason: null },
          { status: 'skipped', reason: 'suppressed_bounce' },
        ],
        approval: stage === 'held' ? { status: 'cancelled' } : null,
      },
    });
  });

  it('has its effect once, and none on what has ended', () => {
    const [step] = applyFact(messageThat({ stage: 'queued' }), stopped);
    expect(applyFact(step?.message as MessageWithState, stopped)).toEqual([]);
    for (const stage of ['over', 'cancelled', 'received'] as const) {
      expect(applyFact(messageThat({ stage }), stopped)).toEqual([]);
    }
  });

  it('of an approval is one of the message; what people decide is not told by that fact', () => {
    const held = messageThat({ stage: 'held', approval });
    const resolved = (outcome: string) => fact(ScanApprovalResolvedV1.type, { outcome });
    expect(applyFact(held, resolved('cancelled'))).toMatchObject([{ announce: 'message.cancelled' }]);
    for (const outcome of ['approved', 'rejected', 'expired']) expect(applyFact(held, resolved(outcome))).toEqual([]);
  });

  it('stays when the guard holds the message afterwards', () => {
    const [step] = applyFact(messageThat({ stage: 'queued' }), stopped);
    const [held] = applyFact(
      step?.message as MessageWithState,
      fact(ScanOutboundHeldV1.type, { approvalId: approval.id, security: {}, securityStatus: 'clean' }),
    );
    expect(held?.message).toMatchObject({ delivery_status: 'cancelled', approval: { status: 'cancelled' } });
  });
});

describe('a move', () => {
  const moved = (from: string | null, to: string | null) => fact(SendMovedV1.type, { from, to, at: AT });
  const scheduled = messageThat({ stage: 'scheduled', send_at: new Date(SOON) });

  it('gives a scheduled message its new time', () => {
    expect(applyFact(scheduled, moved(SOON, LATER))).toMatchObject([
      { announce: null, message: { stage: 'scheduled', send_at: new Date(LATER) } },
    ]);
    expect(applyFact(scheduled, moved(SOON, null))).toMatchObject([{ message: { stage: 'queued', send_at: null } }]);
    expect(applyFact(scheduled, moved(SOON, AT))).toMatchObject([
      { message: { stage: 'queued', send_at: new Date(AT) } },
    ]);
  });

  it('that is known already, or that another one has followed, changes nothing', () => {
    const known = messageThat({ stage: 'scheduled', send_at: new Date(LATER) });
    expect(applyFact(known, moved(SOON, LATER))).toEqual([]);
    expect(applyFact(known, moved(SOON, AT))).toEqual([]);
  });

  it('of a message that was sent meanwhile leaves its status alone', () => {
    const sent = messageThat({ stage: 'over', delivery_status: 'sent', send_at: new Date(SOON) });
    expect(applyFact(sent, moved(SOON, null))).toMatchObject([{ message: { stage: 'over', send_at: null } }]);
  });
});

describe('an approved message', () => {
  const passed = fact(ScanOutboundPassedV1.type, { security: {}, securityStatus: 'clean' });

  it.each([
    [LATER, 'scheduled'],
    [AT, 'queued'],
    [null, 'queued'],
  ] as const)('with send_at %s is %s', (sendAt, stage) => {
    const held = messageThat({ stage: 'held', approval, send_at: sendAt === null ? null : new Date(sendAt) });
    expect(applyFact(held, passed)).toMatchObject([{ message: { stage, approval: { status: 'approved' } } }]);
  });
});
