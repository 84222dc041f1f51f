import { describe, expect, it } from '@jest/globals';
import type { Address } from '@postern/contracts';
import { replyRecipients } from './reply-recipients.js';

const OWN = 'agent@postern.test';
const people = (...addresses: string[]): Address[] => addresses.map((address) => ({ address, name: null }));
const inbound = {
  direction: 'inbound' as const,
  from_address: 'ann@example.com',
  from_name: 'Ann',
  to_list: people(OWN, 'bob@example.com'),
  cc_list: people('cid@example.com', 'Bob@Example.com'),
  reply_to_list: [] as Address[],
};
const outbound = {
  ...inbound,
  direction: 'outbound' as const,
  from_address: OWN,
  to_list: people('ann@example.com', 'bob@example.com'),
};

function addressesOf(...[message, wanted]: [Parameters<typeof replyRecipients>[0], object]) {
  const { to, cc, bcc } = replyRecipients(message, OWN, { reply_all: false, ...wanted });
  return [to, cc, bcc].map((list) => list.map(({ address }) => address));
}

describe(replyRecipients, () => {
  it('are who wrote the message, or whom Reply-To names', () => {
    expect(replyRecipients(inbound, OWN, { reply_all: false }).to).toEqual([
      { address: 'ann@example.com', name: 'Ann' },
    ]);
    const listed = { ...inbound, reply_to_list: people('list@example.com', 'ann@example.com') };
    expect(addressesOf(listed, {})).toEqual([['list@example.com', 'ann@example.com'], [], []]);
  });

  it('are everyone but the inbox itself with reply_all, each once', () => {
    expect(addressesOf(inbound, { reply_all: true })).toEqual([
      ['ann@example.com', 'bob@example.com'],
      ['cid@example.com'],
      [],
    ]);
    const ownInCapitals = { ...inbound, to_list: people('Agent@POSTERN.test') };
    expect(addressesOf(ownInCapitals, { reply_all: true })[0]).toEqual(['ann@example.com']);
  });

  it('of an own message are its recipients, never its Bcc', () => {
    expect(addressesOf(outbound, {})).toEqual([['ann@example.com', 'bob@example.com'], [], []]);
    expect(addressesOf(outbound, { reply_all: true })[1]).toEqual(['cid@example.com']);
  });

  it('are the inbox itself where nobody else is there', () => {
    expect(addressesOf({ ...inbound, from_address: OWN }, {})[0]).toEqual([OWN]);
  });

  it('are whom the caller names, in place of the sender and beside the others', () => {
    const wanted = { to: people('dan@example.com'), cc: people('eve@example.com'), bcc: people('CID@example.com') };
    expect(addressesOf(inbound, wanted)).toEqual([['dan@example.com'], ['eve@example.com'], ['CID@example.com']]);
    expect(addressesOf(inbound, { ...wanted, reply_all: true })).toEqual([
      ['dan@example.com', 'bob@example.com'],
      ['cid@example.com', 'eve@example.com'],
      [],
    ]);
  });

  it.each([
    [{ ...inbound, from_address: 'jörg@example.com' }, {}],
    [{ ...inbound, from_address: '' }, {}],
    [{ ...inbound, cc_list: people('undisclosed-recipients:;') }, { reply_all: true }],
    [
      { ...inbound, to_list: people(...Array.from({ length: 50 }, (_, n) => `p${n}@example.com`)) },
      { reply_all: true },
    ],
  ])('are asked for when they cannot be sent to, or are too many', (message, wanted) => {
    expect(() => addressesOf(message, wanted)).toThrow(
      expect.objectContaining({
        code: 'validation_error',
        details: { issues: [expect.objectContaining({ path: 'to' })] },
      }),
    );
  });
});
