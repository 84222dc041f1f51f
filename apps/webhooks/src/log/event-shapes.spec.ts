import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EVENT_DATA, type PublicEventType, type ReceivedBody } from '@postern/contracts';
import { CONSUMERS } from '@postern/eventing';
import { eventData } from './event-data.js';
import { type LoggedFact, publicEvent } from './public-events.js';

// What receivers are promised (EVENT_DATA, from which the types of the SDK are made) against what is told.

const SAMPLES = new URL('../../../../libs/contracts/samples/', import.meta.url);
const BODY: ReceivedBody = {
  text: 'Hi',
  html: '<p>Hi</p>',
  truncated: true,
  text_parts: [{ kind: 'new', text: 'Hi' }],
};

/** A sample of a fact as the log's consumer gets it. */
function sampleOf(type: LoggedFact['type'], name: 'minimal' | 'full'): LoggedFact {
  const definition = CONSUMERS.webhooks__log.find((one) => one.type === type);
  const sample = JSON.parse(readFileSync(new URL(`${type}/${name}.json`, SAMPLES), 'utf8')) as { data: unknown };
  return { ...sample, data: definition?.data.parse(sample.data) } as LoggedFact;
}

/** @returns the type that was told, after its data was found to hold all that is promised, and nothing else. */
function told(fact: LoggedFact): PublicEventType | null {
  const event = publicEvent(fact, BODY);
  if (event === null) return null;
  const data = JSON.parse(eventData(event.data).json) as unknown;
  expect(EVENT_DATA[event.type].parse(data)).toEqual(data);
  return event.type;
}

const facts = CONSUMERS.webhooks__log.flatMap(({ type }) => [[type, 'minimal'] as const, [type, 'full'] as const]);

test.each(facts)('%s (%s) is told as promised, if at all', (type, name) => {
  expect(() => told(sampleOf(type, name))).not.toThrow();
});

describe('each announcement', () => {
  const recipient = {
    address: 'ann@example.com',
    role: 'to',
    status: 'bounced',
    reason: null,
    smtp_response: null,
    updated_at: '2026-11-21T13:25:59.123Z',
  };
  const changed = sampleOf('messaging.message.status_changed.v1', 'full');
  const announced = (announce: PublicEventType, about: object | null): LoggedFact =>
    ({ ...changed, data: { ...changed.data, announce, recipient: about } }) as LoggedFact;

  test.each(['delayed', 'delivered', 'bounced', 'complained', 'rejected'] as const)(
    'of feedback (message.%s) names its recipient',
    (kind) => expect(told(announced(`message.${kind}`, recipient))).toBe(`message.${kind}`),
  );

  test.each(['sent', 'rejected', 'failed', 'cancelled', 'flagged'] as const)('message.%s is of the message', (kind) =>
    expect(told(announced(`message.${kind}`, null))).toBe(`message.${kind}`),
  );
});

test('what is left of a deleted message, and of an event that is too large, is promised, too', () => {
  const id = 'msg_01k9x5e8w2f7h8j9k0m1n2p3q4';
  for (const data of [
    { id, deleted: true },
    { id, url: `/v1/messages/${id}`, truncated: true },
  ]) {
    expect(EVENT_DATA['message.received'].parse(data)).toEqual(data);
    expect(EVENT_DATA['approval.requested'].parse(data)).toEqual(data);
  }
});
