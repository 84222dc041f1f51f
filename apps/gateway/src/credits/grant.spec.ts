import { describe, expect, it } from '@jest/globals';
import { grantOf, type Standing } from './grant.js';

const standing = (given: Partial<Standing> = {}): Standing => ({
  limit: 1_000,
  used: 0,
  othersUnspent: 0,
  othersPending: 0,
  ...given,
});
const nothing = { unspent: 0, pending: 0 };

describe(grantOf, () => {
  it.each([
    ['a block of a twentieth while plenty is free', standing(), nothing, 1, 50],
    ['never more than a thousand at once', standing({ limit: 1_000_000 }), nothing, 1, 1_000],
    ['what is asked for, when that is more than a block', standing({ limit: 100 }), nothing, 30, 30],
    ['no more than is asked for near the end', standing({ used: 990 }), nothing, 2, 2],
    ['no more than is free', standing({ used: 999 }), nothing, 5, 1],
    ['nothing when others hold the rest', standing({ used: 900, othersUnspent: 60, othersPending: 40 }), nothing, 1, 0],
    [
      'nothing when own messages are under way for the rest',
      standing({ used: 900 }),
      { unspent: 0, pending: 100 },
      1,
      0,
    ],
    ['nothing of an account that inbound mail overdrew', standing({ used: 1_200 }), nothing, 1, 0],
    ['nothing of a limit of zero', standing({ limit: 0 }), nothing, 1, 0],
    ['what is asked for without a limit', standing({ limit: null, used: 5_000 }), nothing, 7, 7],
  ])('gives %s', (_what, account, own, wanted, expected) => {
    expect(grantOf(account, own, wanted)).toBe(expected);
  });

  it('leaves what is at hand when nobody waits', () => {
    expect(grantOf(standing({ used: 990 }), { unspent: 4, pending: 2 }, 0)).toBe(4);
  });

  it('takes back what a lowered limit does not cover', () => {
    expect(grantOf(standing({ limit: 10, used: 5 }), { unspent: 8, pending: 1 }, 0)).toBe(4);
    expect(grantOf(standing({ limit: 3, used: 5 }), { unspent: 8, pending: 1 }, 2)).toBe(0);
  });
});
