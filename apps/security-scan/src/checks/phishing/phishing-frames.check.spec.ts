import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { phishingFramesCheck } from './phishing-frames.check.js';

const confidenceOf = (text: string): number =>
  phishingFramesCheck.run(outboundMail({ direction: 'inbound', text }))[0]?.confidence ?? 0;
/** Less than flags by itself: sender or links must agree. */
const TOLD = 0.3;

describe('a demand', () => {
  it.each([
    ['gift cards', 'I am in a meeting and need you to buy five gift cards. Send me the codes.'],
    ['another account', 'Our bank details have changed. Please pay all invoices to the new account from now on.'],
    ['to sign in', 'Your account will be suspended. Verify your password within 24 hours: http://x.example/'],
    ['card details', 'You are eligible for a refund. Submit your card details: http://x.example/'],
    ['to open a document', 'Ola shared the file. View document: https://x.example/ (login required)'],
  ])('for %s is told', (_, text) => {
    expect(confidenceOf(text)).toBeGreaterThanOrEqual(TOLD);
  });

  it.each([
    ['thanks for a gift card', 'Thank you for the gift card!'],
    ['sends an invoice', 'Please pay invoice 17 to the account below by Friday.'],
    ['tells of a login', 'You signed in from a new device. If that was you, there is nothing to do.'],
    ['has a link to a document', 'The minutes are at https://wiki.example/minutes.'],
  ])('is not what a mail makes that %s', (_, text) => {
    expect(confidenceOf(text)).toBeLessThan(TOLD);
  });
});
