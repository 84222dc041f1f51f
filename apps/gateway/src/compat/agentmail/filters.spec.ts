import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { MessageJson } from '../get-message.js';
import { keeps } from './messages.js';
import { QueryList } from './query-list.js';
import { keepsThread } from './threads.js';

describe('a list in a query', () => {
  it.each([
    [undefined, []],
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    ['["a","b"]', ['a', 'b']],
    ['[urgent]', ['[urgent]']],
    ['[1]', ['[1]']],
  ])('%j is %j', (given, list) => {
    expect(z.strictObject({ q: QueryList }).parse({ q: given })).toEqual({ q: list });
  });
});

const none = { limit: 25, labels: [], subject: [], from: [], to: [], senders: [], recipients: [] };

describe(keeps, () => {
  const message = {
    direction: 'inbound',
    delivery_status: 'received',
    security_status: 'clean',
    labels: ['mine'],
    from: { address: 'ann@example.com', name: 'Ann' },
    to: [{ address: 'b@example.com', name: null }],
    cc: [],
    bcc: [{ address: 'd@example.com', name: null }],
    subject: 'Quarterly Numbers',
  } as unknown as MessageJson;
  const withheld = { ...message, security_status: 'withheld', subject: null } as MessageJson;

  it.each([
    [{}, true],
    [{ labels: ['mine', 'unread'] }, true],
    [{ labels: ['mine', 'read'] }, false],
    [{ from: ['ANN <', 'example'] }, true],
    [{ from: ['ann', 'bob'] }, false],
    [{ to: ['d@'], subject: ['numbers'] }, true],
    [{ to: ['ann'] }, false],
  ])('%j: %s', (query, kept) => {
    expect(keeps({ ...none, ...query })(message)).toBe(kept);
  });

  it.each([
    [{}, false],
    [{ include_blocked: 'true' as const }, true],
    [{ labels: ['blocked'] }, true],
  ])('with %j of withheld mail: %s', (query, kept) => {
    expect(keeps({ ...none, ...query })(withheld)).toBe(kept);
  });
});

describe(keepsThread, () => {
  const thread = {
    labels: ['received', 'mine'],
    timestamp: '2026-11-21T12:00:00.000Z',
    senders: ['Ann <ann@example.com>'],
    recipients: ['b@example.com'],
    subject: 'Numbers',
  };

  it.each([
    [{}, true],
    [{ labels: ['mine'], senders: ['ann'], recipients: ['B@'], subject: ['num'] }, true],
    [{ labels: ['other'] }, false],
    [{ senders: ['bob'] }, false],
    [{ before: '2026-11-21T12:00:00Z' }, false],
    [{ before: '2026-11-21T13:00:00+00:30' }, true],
    [{ after: '2026-11-21T12:00:00Z' }, true],
    [{ after: '2026-11-21T12:00:01Z' }, false],
  ])('%j: %s', (query, kept) => {
    expect(keepsThread({ ...none, ...query })(thread)).toBe(kept);
  });

  it('leaves out what has withheld mail, and keeps it when asked', () => {
    const blocked = { ...thread, labels: ['blocked'] };
    expect(keepsThread(none)(blocked)).toBe(false);
    expect(keepsThread({ ...none, include_blocked: 'true' })(blocked)).toBe(true);
  });
});
