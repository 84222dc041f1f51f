import { describe, expect, test } from '@jest/globals';
import { type Counted, InFlight } from './in-flight.js';
import { isFull, roomOf } from './room.js';

const ROOM = roomOf(16, 2);
const call = (webhookId: string, organizationId = 'org_1', isFailing = false): Counted => ({
  webhookId,
  organizationId,
  isFailing,
});
const busyWith = (calls: readonly Counted[]) => {
  const inFlight = new InFlight();
  for (const one of calls) inFlight.enter(one);
  return inFlight.busy();
};

describe('calls may wait for room', () => {
  test.each([
    ['an endpoint has all that it may', [call('a')], [call('a')]],
    ['an endpoint had all before, and nothing was found', [call('a'), call('a')], []],
    ['one that fails is called', [], [call('a', 'org_1', true)]],
    ['one that fails was being called', [call('a', 'org_1', true)], []],
    ['a tenant has all that it may', 'abcdefg'.split('').map((id) => call(id)), [call('h')]],
  ])('when %s', (_, before, claims) => {
    expect(isFull(ROOM, busyWith(before), claims)).toBe(true);
  });

  test.each([
    ['nothing is under way', [], []],
    ['every endpoint and tenant could have more', [call('a'), call('b', 'org_2')], [call('c'), call('d', 'org_2')]],
  ])('but not when %s', (_, before, claims) => {
    expect(isFull(ROOM, busyWith(before), claims)).toBe(false);
  });
});

test('what was busy is told as it was then', () => {
  const inFlight = new InFlight();
  inFlight.enter(call('a'));
  const then = inFlight.busy();
  inFlight.leave(call('a'));
  expect(then.endpoints).toEqual(new Map([['a', 1]]));
});
