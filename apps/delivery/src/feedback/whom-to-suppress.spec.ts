import { describe, expect, test } from '@jest/globals';
import type { Feedback } from '@postern/contracts';
import { whomToSuppress } from './whom-to-suppress.js';

const feedback = (kind: Feedback['kind'], type: string | null, ...addresses: string[]): Feedback => ({
  kind,
  type,
  subType: null,
  sesMessageId: 'ses-1',
  messageId: null,
  attempt: null,
  at: '2026-11-21T12:00:00.000Z',
  recipients: addresses.map((address) => ({ address, status: null, diagnostic: null })),
});

describe('whom feedback suppresses', () => {
  test.each([
    ['delivered', null],
    ['sent', null],
    ['delayed', 'General'],
    ['rejected', null],
    ['bounced', 'Transient'],
    ['bounced', 'Undetermined'],
    ['complained', 'not-spam'],
  ] as const)('%s %s: nobody', (kind, type) => {
    expect(whomToSuppress(feedback(kind, type, 'a@x.test'), ['a@x.test'])).toBeNull();
  });

  test('a permanent bounce: the recipient, without case', () => {
    expect(whomToSuppress(feedback('bounced', 'Permanent', 'Ann@X.test'), ['ann@x.test', 'bob@x.test'])).toEqual({
      addresses: ['ann@x.test'],
      reason: 'bounce',
      oneOf: 1,
    });
  });

  test('a forwarded address counts for the only recipient', () => {
    expect(whomToSuppress(feedback('bounced', 'Permanent', 'other@y.test'), ['Ann@x.test'])?.addresses).toEqual([
      'ann@x.test',
    ]);
    expect(whomToSuppress(feedback('bounced', 'Permanent', 'other@y.test'), ['ann@x.test', 'bob@x.test'])).toBeNull();
  });

  test('a complaint that names several counts for each, and says so', () => {
    expect(
      whomToSuppress(feedback('complained', 'abuse', 'ann@x.test', 'bob@x.test'), ['ann@x.test', 'bob@x.test']),
    ).toEqual({ addresses: ['ann@x.test', 'bob@x.test'], reason: 'complaint', oneOf: 2 });
  });

  test('of a message that is not known here, whoever is named', () => {
    expect(whomToSuppress(feedback('complained', null, 'Ann@x.test'), null)?.addresses).toEqual(['ann@x.test']);
  });
});
