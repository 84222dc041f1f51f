import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Feedback, newId } from '@postern/contracts';
import { readFeedback, typeOfRecord, type FeedbackReading } from './read-feedback.js';
import { SesReceivedRecord } from './ses-record.js';

const NOW = new Date('2026-11-21T12:00:00.000Z');
/** SES's own examples; they lie beside the repository and are not part of it. */
const CORPUS = resolve(import.meta.dirname, '../../../../../shared/corpus/ses');

const tags = {
  postern_organization: [newId('org')],
  postern_mode: ['test'],
  postern_message: [newId('msg')],
  postern_attempt: ['2'],
  postern_trace: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  'ses:configuration-set': ['postern'],
};

const bounce = (mail: object = {}, more: object = {}): object => ({
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'NoEmail',
    bouncedRecipients: [{ emailAddress: 'Bob <bob@example.com>' }],
    timestamp: '2018-10-08T14:05:45 +0000',
    ...more,
  },
  mail: { messageId: 'ses-1', timestamp: '2018-10-08T14:05:40 +0000', ...mail },
});

const taken = (reading: FeedbackReading): Extract<FeedbackReading, { kind: 'feedback' }> => {
  if (reading.kind !== 'feedback') throw new Error(`is ${reading.kind}`);
  return reading;
};

describe('our tags', () => {
  test('tell tenant, message, attempt and trace', () => {
    const { feedback, tenant, traceparent } = taken(readFeedback(bounce({ tags }), NOW));
    expect(tenant).toEqual({ organizationId: tags.postern_organization[0], mode: 'test' });
    expect(feedback).toMatchObject({ messageId: tags.postern_message[0], attempt: 2 });
    expect(traceparent).toBe(tags.postern_trace[0]);
  });

  test.each([
    { postern_organization: ['org_x'] },
    { postern_organization: tags.postern_message },
    { postern_mode: ['staging'] },
    { postern_message: ['msg_'] },
    { postern_message: [] },
    { postern_message: 'msg' },
    { postern_organization: undefined },
  ])('that are not all well formed are none: %j', (wrong) => {
    const { feedback, tenant } = taken(readFeedback(bounce({ tags: { ...tags, ...wrong } }), NOW));
    expect({ tenant, messageId: feedback.messageId, attempt: feedback.attempt }).toEqual({
      tenant: null,
      messageId: null,
      attempt: null,
    });
  });

  test('without a readable attempt or trace still tell the message', () => {
    const wrong = { postern_attempt: ['x'], postern_trace: ['x'] };
    const { feedback, tenant, traceparent } = taken(readFeedback(bounce({ tags: { ...tags, ...wrong } }), NOW));
    expect(tenant).not.toBeNull();
    expect(feedback.attempt).toBeNull();
    expect(traceparent).toBeNull();
  });

  test('are absent from identity feedback', () => {
    const { eventType, ...rest } = bounce() as { eventType: string };
    expect(taken(readFeedback({ notificationType: eventType, ...rest }, NOW)).tenant).toBeNull();
  });
});

describe('what a record tells', () => {
  test.each([
    ['2018-10-08T14:05:45 +0000', '2018-10-08T14:05:45.000Z'],
    ['2016-01-27T14:59:38.237Z', '2016-01-27T14:59:38.237Z'],
    ['2009-12-03T04:24:21.000-05:00', '2009-12-03T09:24:21.000Z'],
    ['soon', '2018-10-08T14:05:40.000Z'],
    [null, '2018-10-08T14:05:40.000Z'],
    ['+275760-09-13T00:00:00.001Z', '2018-10-08T14:05:40.000Z'],
  ])('its time %j is %s', (timestamp, at) => {
    expect(taken(readFeedback(bounce({}, { timestamp }), NOW)).feedback.at).toBe(at);
  });

  test('without any time it happened when it came', () => {
    const { feedback } = taken(readFeedback(bounce({ timestamp: 1 }, { timestamp: {} }), NOW));
    expect(feedback.at).toBe(NOW.toISOString());
  });

  test('an address comes without its display name, text without control characters and cut', () => {
    const bouncedRecipients = [
      { emailAddress: 'Bob <bob@example.com>', diagnosticCode: `a\u0000\r\n${'b'.repeat(2_000)}` },
      { emailAddress: 'no address', status: null },
    ];
    const { recipients } = taken(readFeedback(bounce({}, { bouncedRecipients }), NOW)).feedback;
    expect(recipients[0]?.address).toBe('bob@example.com');
    expect(recipients[0]?.diagnostic).toMatch(/^a b{998}$/);
    expect(recipients[1]).toEqual({ address: 'no address', status: null, diagnostic: null });
  });

  test('a delivery tells the enhanced status of the answer', () => {
    const record = {
      eventType: 'Delivery',
      delivery: { recipients: ['a@example.com'], smtpResponse: '250 2.6.0 Message received' },
      mail: { messageId: 'ses-1' },
    };
    expect(taken(readFeedback(record, NOW)).feedback.recipients).toEqual([
      { address: 'a@example.com', status: '2.6.0', diagnostic: '250 2.6.0 Message received' },
    ]);
  });

  test.each([
    [{ eventType: 'Click', click: {} }, 'ignored'],
    [{ eventType: 'Rendering Failure', failure: {} }, 'ignored'],
    [{ eventType: 'constructor' }, 'ignored'],
    [{ eventType: 'Bounce', mail: {} }, 'unreadable'],
    [{ eventType: 'Bounce', mail: { messageId: 'x' } }, 'unreadable'],
    [{ eventType: 1 }, 'unreadable'],
    [{}, 'unreadable'],
    [[], 'unreadable'],
    [null, 'unreadable'],
    ['Bounce', 'unreadable'],
  ])('%j is %s', (record, kind) => {
    expect(readFeedback(record, NOW).kind).toBe(kind);
  });
});

const records = existsSync(CORPUS)
  ? readdirSync(CORPUS).filter((name) => /^(notification|event|received)-.*\.json$/.test(name))
  : [];
// Jest refuses an empty table.
const corpus = records.length > 0 ? describe : describe.skip;

corpus("SES's own examples", () => {
  const KINDS: Record<string, string> = {
    Send: 'sent',
    Delivery: 'delivered',
    Bounce: 'bounced',
    Complaint: 'complained',
    DeliveryDelay: 'delayed',
    Reject: 'rejected',
  };

  test.each(records.length > 0 ? records : ['none'])('%s', (name) => {
    const record = JSON.parse(readFileSync(join(CORPUS, name), 'utf8')) as unknown;
    const type = typeOfRecord(record) ?? '';
    if (type === 'Received') {
      expect(SesReceivedRecord.safeParse(record).success).toBe(true);
      return;
    }
    const reading = readFeedback(record, NOW);
    if (KINDS[type] === undefined) {
      expect(reading).toEqual({ kind: 'ignored', type });
      return;
    }
    const { feedback } = taken(reading);
    expect(Feedback.parse(feedback)).toEqual(feedback);
    expect(feedback.kind).toBe(KINDS[type]);
    expect(feedback.recipients.length).toBeGreaterThan(0);
    expect(feedback.recipients.every(({ address }) => /^\S+@\S+$/.test(address))).toBe(true);
    expect(feedback.at).not.toBe(NOW.toISOString());
  });
});
