import { describe, expect, test } from '@jest/globals';
import { simulatedFeedback } from './simulated-outcome.js';

const at = (role: string) => `${role}@simulator.amazonses.com`;
const kinds = (...recipients: string[]) =>
  simulatedFeedback(recipients).map(({ kind, type, subType, recipients: named }) => [
    kind,
    type,
    subType,
    named.map(({ address }) => address).join(),
  ]);

describe('the simulated SES of test mode', () => {
  test.each([
    ['success', [['delivered', null, null]]],
    ['ooto', [['delivered', null, null]]],
    ['bounce', [['bounced', 'Permanent', 'General']]],
    ['suppressionlist', [['bounced', 'Permanent', 'Suppressed']]],
    [
      'complaint',
      [
        ['delivered', null, null],
        ['complained', 'abuse', null],
      ],
    ],
  ])('%s acts as Amazon documents, with a label and in any case too', (role, expected) => {
    for (const address of [at(role), at(`${role}+label.1`), at(role).toUpperCase()]) {
      expect(kinds(address)).toEqual(expected.map((one) => [...one, address]));
    }
  });

  test('everybody else gets the mail', () => {
    expect(kinds('ann@example.com', 'bounce@example.com', at('nobody'))).toEqual([
      ['delivered', null, null, `ann@example.com,bounce@example.com,${at('nobody')}`],
    ]);
  });

  test('one record for each kind names all its recipients', () => {
    expect(kinds('ann@example.com', at('bounce+1'), at('bounce+2'))).toEqual([
      ['delivered', null, null, 'ann@example.com'],
      ['bounced', 'Permanent', 'General', `${at('bounce+1')},${at('bounce+2')}`],
    ]);
  });
});
