import { describe, expect, it } from '@jest/globals';
import type { PublicEventType, Recipient } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { historyOf } from './history-of.js';

const AT = '2026-11-21T13:25:59.123Z';
const before = { organization_id: 'org_1', mode: 'live', id: 'msg_1', version: 3, send_at: null };
const ann = { address: 'ann@example.com', reason: 'Permanent', smtp_response: '550 no', updated_at: AT } as Recipient;

const told = (announce: PublicEventType | null, recipient: Recipient | null = null, change: object = {}) =>
  historyOf(before as unknown as MessageWithState, {
    message: { ...before, version: 4, ...change } as unknown as MessageWithState,
    announce,
    recipient,
  });

describe('a step', () => {
  it('of feedback is kept with its recipient', () => {
    expect(told('message.bounced', ann)).toEqual({
      organization_id: 'org_1',
      mode: 'live',
      message_id: 'msg_1',
      version: 4,
      type: 'bounced',
      data: { recipient: 'ann@example.com', reason: 'Permanent', smtp_response: '550 no', happened_at: AT },
    });
  });

  it('that cancels or moves is kept', () => {
    expect(told('message.cancelled')).toMatchObject({ type: 'cancelled', data: {} });
    expect(told(null, null, { send_at: new Date(AT) })).toMatchObject({ type: 'moved', data: { from: null, to: AT } });
  });

  it.each(['message.sent', 'message.flagged', 'message.rejected', 'message.failed', null] as const)(
    'that others tell of themselves is not: %s',
    (announce) => {
      expect(told(announce)).toBeNull();
    },
  );
});
