import { describe, expect, it } from '@jest/globals';
import type { Envelope } from '@postern/contracts';
import { contentHash } from './content-hash.js';

const envelope: Envelope = {
  from: 'agent@postern.test',
  recipients: [
    { address: 'ann@example.com', role: 'to' },
    { address: 'bob@example.com', role: 'bcc' },
  ],
};
const mime = Buffer.from('Subject: x\r\n\r\ny');

describe(contentHash, () => {
  it('is the same for the same envelope in another order or case', () => {
    const other: Envelope = {
      from: 'Agent@Postern.test',
      recipients: envelope.recipients.toReversed().map((one) => ({ ...one, address: one.address.toUpperCase() })),
    };
    expect(contentHash(other, mime)).toBe(contentHash(envelope, mime));
  });

  it('changes with any octet, recipient or role', () => {
    const base = contentHash(envelope, mime);
    expect(contentHash(envelope, Buffer.from('Subject: x\r\n\r\nz'))).not.toBe(base);
    expect(contentHash({ ...envelope, recipients: envelope.recipients.slice(1) }, mime)).not.toBe(base);
    expect(
      contentHash(
        { ...envelope, recipients: [{ address: 'ann@example.com', role: 'cc' }, ...envelope.recipients.slice(1)] },
        mime,
      ),
    ).not.toBe(base);
  });
});
