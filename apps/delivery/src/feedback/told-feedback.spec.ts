import { expect, test } from '@jest/globals';
import type { Feedback } from '@postern/contracts';
import { believable } from './told-feedback.js';

const told = (...addresses: string[]): Feedback => ({
  kind: 'bounced',
  type: 'Permanent',
  subType: null,
  sesMessageId: '',
  messageId: null,
  attempt: null,
  at: '2026-11-21T12:00:00.000Z',
  recipients: addresses.map((address) => ({ address, status: '5.1.1', diagnostic: null })),
});
const sent = { messageId: 'msg_1', sesMessageId: 'ses-1', recipients: ['Ann@example.com', 'bob@example.com'] };

test('only those who were recipients are believed to be gone', () => {
  const left = believable(told('ann@EXAMPLE.com', 'carol@example.com'), sent);
  expect(left).toMatchObject({ sesMessageId: 'ses-1', recipients: [{ address: 'ann@EXAMPLE.com' }] });
});

test('a stranger is nobody, also when there was one recipient', () => {
  expect(believable(told('carol@example.com'), { ...sent, recipients: ['ann@example.com'] })).toBeNull();
  expect(believable(told(), sent)).toBeNull();
});
