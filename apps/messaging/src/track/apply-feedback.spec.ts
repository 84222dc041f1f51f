import { describe, expect, it } from '@jest/globals';
import { newId, type Feedback } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { applyFeedback } from './apply-feedback.js';

const AT = '2026-11-21T12:00:00.000Z';

function messageOf(status: 'queued' | 'delivered'): MessageWithState {
  const recipient = {
    address: 'ann@example.com',
    role: 'to',
    status,
    reason: null,
    smtp_response: null,
    updated_at: AT,
  };
  // Only what feedback touches.
  return {
    id: newId('msg'),
    stage: status === 'queued' ? 'queued' : 'over',
    delivery_status: status,
    recipients: [recipient],
    provider_message_id: status === 'queued' ? null : 'ses-1',
    version: 1,
  } as unknown as MessageWithState;
}

const complaint = (type: string | null): Feedback => ({
  kind: 'complained',
  sesMessageId: 'ses-1',
  messageId: null,
  attempt: null,
  recipients: [{ address: 'ann@example.com', status: null, diagnostic: null }],
  type,
  subType: null,
  at: AT,
});

describe('a complaint', () => {
  it.each(['abuse', 'other', null])('of the type %s is one', (type) => {
    const steps = applyFeedback(messageOf('delivered'), complaint(type));
    expect(steps).toMatchObject([{ announce: 'message.complained', message: { delivery_status: 'complained' } }]);
  });

  it('that says that a mail is no spam moves nobody', () => {
    expect(applyFeedback(messageOf('delivered'), complaint('not-spam'))).toEqual([]);
  });

  it('that says so before anybody else shows that SES took the mail', () => {
    const steps = applyFeedback(messageOf('queued'), complaint('not-spam'));
    expect(steps).toMatchObject([{ announce: 'message.sent', message: { delivery_status: 'sent' } }]);
  });
});
