import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import type { Sender } from '../../normalise/scanned-mail.js';
import { senderMismatchCheck } from './sender-mismatch.check.js';

const run = (sender: Partial<Sender>) =>
  senderMismatchCheck.run(
    outboundMail({
      direction: 'inbound',
      sender: { address: 'a@notice.example', name: '', replyTo: [], aligned: null, ...sender },
    }),
  );
const FLAGS = 0.5;

describe('a sender', () => {
  it.each([
    ['PayPal'],
    ['PayPal Service'],
    ['Microsoft account team'],
    ['Your Wells Fargo Alerts'],
    ['service@paypal.com'],
  ])('that shows %j and is somebody else is found', (name) => {
    expect(run({ name })[0]?.confidence).toBeGreaterThanOrEqual(FLAGS);
    expect(run({ name, aligned: false })[0]?.confidence).toBeGreaterThanOrEqual(FLAGS);
  });

  it.each([
    ['the company', { name: 'PayPal', address: 'service@mail.paypal.com' }],
    ['the company elsewhere', { name: 'Amazon', address: 'order@amazon.it' }],
    ['a person', { name: 'Chase Miller' }],
    ['a person of the company', { name: 'Ann Lee (Google)' }],
    ['a person whose address is shown', { name: 'a@notice.example' }],
    ['without a name', {}],
    ['a shop that proved its domain', { name: 'Apple Store', address: 'a@pears.example', aligned: true }],
    ['a list', { replyTo: ['list@lists.example'] }],
  ])('that is %s is let pass', (_, sender) => {
    expect(run(sender)[0]?.confidence ?? 0).toBeLessThan(FLAGS);
  });

  it('that cannot be read is none', () => {
    expect(senderMismatchCheck.run(outboundMail({ direction: 'inbound', sender: null }))).toEqual([]);
  });
});
