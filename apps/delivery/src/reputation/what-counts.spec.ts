import { describe, expect, test } from '@jest/globals';
import type { Feedback } from '@postern/contracts';
import { whatCounts } from './what-counts.js';

const counted = (kind: Feedback['kind'], type: string | null, subType: string | null, ...addresses: string[]) =>
  whatCounts({
    kind,
    type,
    subType,
    recipients: addresses.map((address) => ({ address, status: null, diagnostic: null })),
  });

describe('what counts in the rates', () => {
  test.each([
    ['sent', null, null],
    ['delivered', null, null],
    ['delayed', 'General', null],
    ['rejected', null, null],
    ['bounced', 'Undetermined', 'Undetermined'],
    ['bounced', 'Transient', 'General'],
    ['bounced', 'Transient', 'MailboxFull'],
    ['bounced', 'Permanent', 'OnAccountSuppressionList'],
    ['complained', 'not-spam', null],
    ['complained', null, 'OnAccountSuppressionList'],
  ] as const)('%s %s %s: nothing', (kind, type, subType) => {
    expect(counted(kind, type, subType, 'ann@example.com')).toEqual([]);
  });

  test.each(['General', 'NoEmail', 'Suppressed', 'SomethingNew'])(
    'a bounce Permanent/%s: each recipient',
    (subType) => {
      expect(counted('bounced', 'Permanent', subType, 'Bob@Example.com', 'ann@example.com', 'bob@example.com')).toEqual(
        [
          { kind: 'bounced', addresses: ['ann@example.com'] },
          { kind: 'bounced', addresses: ['bob@example.com'] },
        ],
      );
    },
  );

  test.each(['abuse', 'auth-failure', 'fraud', 'other', 'virus', null])(
    'a complaint %s: once, whomever it names',
    (type) => {
      expect(counted('complained', type, null, 'bob@example.com', 'Ann@example.com')).toEqual([
        { kind: 'complained', addresses: ['ann@example.com', 'bob@example.com'] },
      ]);
    },
  );
});
