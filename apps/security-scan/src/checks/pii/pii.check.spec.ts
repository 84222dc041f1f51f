import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { piiCheck } from './pii.check.js';

const confidenceOf = (text: string): number => piiCheck.run(outboundMail({ text }))[0]?.confidence ?? 0;
/** `verdict.ts`: a mail is flagged from here on. */
const FLAGS = 0.5;

describe('personal data in an outbound mail', () => {
  it.each([
    ['a payment card', 'Charge 4111 1111 1111 1111 please.'],
    ['a social security number', 'Her number is 536-22-1234.'],
    ['a bank account with a diagnosis', 'DE89 3704 0044 0532 0130 00; diagnosis: type 2 diabetes'],
    ['a date of birth with a salary', 'born 06.02.1945; annual salary 204,000'],
    ['a passport with an address', 'A12345678, 130 Maple Ave, Springfield 93920'],
    ['a payroll', 'Ann, annual salary 41,000\nBob, annual salary 47,000\nCid, salary of $52,000'],
  ])('is %s', (_, text) => {
    expect(confidenceOf(text)).toBeGreaterThanOrEqual(FLAGS);
  });

  it.each([
    [
      'a signature block',
      'Ann Lee\nExample Inc, 130 Maple Ave, Springfield 93920\nTel. +1 661 555 0186\nann@example.com',
    ],
    ['an invoice with an account', 'Pay to DE89 3704 0044 0532 0130 00 by Friday. Tel. +49 30 901820'],
    [
      'a list of contacts',
      Array.from({ length: 50 }, (__, n) => `p${n}@example.com +1 661 555 01${n + 10}`).join('\n'),
    ],
    ['a job advertisement', 'The annual salary 60,000 is paid in twelve parts. Write to jobs@example.com.'],
    ['the number of a parcel', 'Tracking number: 4111111111111111.'],
    ['a birthday party', 'My birthday is on Friday, bring cake!'],
  ])('is told at most for %s', (_, text) => {
    expect(confidenceOf(text)).toBeLessThan(FLAGS);
  });

  it('is told by kind and count, and no value is', () => {
    const text = 'Cards 4111 1111 1111 1111 and 5555555555554444, SSN 536-22-1234, +1 661 555 0186';
    const findings = piiCheck.run(outboundMail({ text, html: `<p>${text}</p>` }));
    expect(findings.map(({ detail }) => detail)).toEqual([
      'Personal data: payment card numbers: 2, social security numbers: 1, telephone numbers: 1.',
    ]);
  });

  it('is found in attachments', () => {
    const attachments = [{ filename: 'a.csv', contentType: 'text/csv', bytes: Buffer.from('x,4111111111111111,y') }];
    expect(piiCheck.run(outboundMail({ attachments }))).toHaveLength(1);
  });
});
