import { describe, expect, test } from '@jest/globals';
import type { Envelope } from '@postern/contracts';
import { contentHash, sha256 } from '@postern/eventing';
import { deviation } from './approved.js';

const RAW = Buffer.from('Subject: Hello\r\n\r\nHello.\r\n');
const ENVELOPE: Envelope = {
  from: 'agent@postern.test',
  recipients: [
    { address: 'ann@example.com', role: 'to' },
    { address: 'Bob@example.com', role: 'bcc' },
  ],
};
const send = {
  content: { sha256: sha256(RAW), sizeBytes: RAW.byteLength },
  contentHash: contentHash(ENVELOPE, RAW),
  envelope: ENVELOPE,
  mailFrom: 'agent@postern.test',
  recipients: ['ann@example.com', 'bob@example.com'],
};

describe('what leaves the house', () => {
  test('is what was approved', () => {
    expect(deviation(send, RAW)).toBeNull();
  });

  test('may go to fewer', () => {
    expect(deviation({ ...send, recipients: ['ann@example.com'] }, RAW)).toBeNull();
  });

  test.each([
    ['another recipient', { recipients: [...send.recipients, 'eve@example.com'] }],
    ['another sender', { mailFrom: 'eve@postern.test' }],
    [
      'an envelope that was changed together with the recipients',
      {
        envelope: {
          ...ENVELOPE,
          recipients: [...ENVELOPE.recipients, { address: 'eve@example.com', role: 'bcc' as const }],
        },
        recipients: [...send.recipients, 'eve@example.com'],
      },
    ],
    [
      'a role that was changed',
      {
        envelope: { ...ENVELOPE, recipients: ENVELOPE.recipients.map((one) => ({ ...one, role: 'to' as const })) },
      },
    ],
    ['a hash of something else', { contentHash: sha256('something else') }],
  ])('never with %s', (_, changed) => {
    expect(deviation({ ...send, ...changed }, RAW)).toBe('envelope');
  });

  test('never with one octet changed', () => {
    expect(deviation(send, Buffer.from(RAW.toString().replace('Hello.', 'hello.')))).toBe('content');
  });
});
