import { describe, expect, it } from '@jest/globals';
import { isId, lowestIdAt, MessageId, newId, PLATFORM_ORGANIZATION, OrganizationId, sameIdAs, timeOf } from './ids.js';

describe('ids', () => {
  it('sort by the time they were made', () => {
    const ids = Array.from({ length: 1000 }, () => newId('msg'));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('know their time', () => {
    const at = new Date('2026-11-21T13:25:59.123Z');
    expect(timeOf(lowestIdAt('evt', at))).toEqual(at);
    expect(Math.abs(timeOf(newId('evt')).getTime() - Date.now())).toBeLessThan(1000);
    expect(lowestIdAt('evt', new Date(Date.now() - 10)) < newId('evt')).toBe(true);
  });

  it('keep their number under another prefix', () => {
    const id = newId('evt');
    expect(sameIdAs('dlv', id)).toBe(`dlv_${id.slice(4)}`);
    expect(isId('dlv', sameIdAs('dlv', id))).toBe(true);
  });

  it.each([
    '',
    'msg_',
    'msg_x',
    'inb_01k9x5e8w2f7h8j9k0m1n2p3q4',
    'msg_01K9X5E8W2F7H8J9K0M1N2P3Q4',
    'msg_81k9x5e8w2f7h8j9k0m1n2p3q4',
    'msg_01k9x5e8w2f7h8j9k0m1n2p3q4 ',
  ])('refuses %j', (value) => {
    expect(MessageId.safeParse(value).success).toBe(false);
    expect(isId('msg', value)).toBe(false);
  });

  it('give the platform an organization of its own', () => {
    expect(OrganizationId.safeParse(PLATFORM_ORGANIZATION).success).toBe(true);
  });
});
