import { describe, expect, it } from '@jest/globals';
import { suppresses, type Feedback } from './feedback.js';

const feedback = (kind: Feedback['kind'], type: string | null): Feedback => ({
  kind,
  type,
  sesMessageId: 'x',
  messageId: null,
  attempt: null,
  recipients: [],
  subType: null,
  at: '2026-11-21T00:00:00.000Z',
});

describe(suppresses, () => {
  it.each([
    ['bounced', 'Permanent', 'bounce'],
    // SES sends Transient/General for out-of-office answers too.
    ['bounced', 'Transient', null],
    ['bounced', 'Undetermined', null],
    ['complained', 'abuse', 'complaint'],
    ['complained', null, 'complaint'],
    ['complained', 'not-spam', null],
    ['delivered', null, null],
    ['rejected', 'Permanent', null],
  ] as const)('%s %s: %s', (kind, type, expected) => {
    expect(suppresses(feedback(kind, type))).toBe(expected);
  });
});
