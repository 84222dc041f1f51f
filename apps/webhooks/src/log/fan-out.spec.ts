import { describe, expect, test } from '@jest/globals';
import { newId } from '@postern/contracts';
import { callsFor, type Subscriber, wants } from './fan-out.js';

const organizationId = newId('org');
const event = {
  organizationId,
  mode: 'live',
  id: newId('evt'),
  type: 'message.sent',
  inboxId: 'inb_1',
  day: '2026-11-21',
} as const;
const subscriber = (more: Partial<Subscriber> = {}): Subscriber => ({
  organizationId,
  mode: 'live',
  webhookId: 'whk_1',
  events: [],
  inboxIds: [],
  ...more,
});

describe('an endpoint gets', () => {
  test('everything when it has no filters', () => {
    expect(wants(subscriber(), event)).toBe(true);
    expect(wants(subscriber(), { ...event, inboxId: null })).toBe(true);
  });

  test('only the types it names', () => {
    expect(wants(subscriber({ events: ['message.sent'] }), event)).toBe(true);
    expect(wants(subscriber({ events: ['message.delivered'] }), event)).toBe(false);
  });

  test('only the inboxes it names, and nothing that belongs to none', () => {
    expect(wants(subscriber({ inboxIds: ['inb_1'] }), event)).toBe(true);
    expect(wants(subscriber({ inboxIds: ['inb_2'] }), event)).toBe(false);
    expect(wants(subscriber({ inboxIds: ['inb_1'] }), { ...event, inboxId: null })).toBe(false);
  });
});

test('events go to the endpoints of their own organization and mode', () => {
  const subscribers = [
    subscriber(),
    subscriber({ webhookId: 'whk_2', mode: 'test' }),
    subscriber({ webhookId: 'whk_3', organizationId: newId('org') }),
  ];
  const calls = callsFor([event, { ...event, mode: 'test', id: newId('evt') }], subscribers);
  expect(calls.map(({ webhookId, mode }) => [webhookId, mode])).toEqual([
    ['whk_1', 'live'],
    ['whk_2', 'test'],
  ]);
  expect(calls[0]).toMatchObject({ eventId: event.id, eventType: 'message.sent', eventDay: '2026-11-21' });
});
