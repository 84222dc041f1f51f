import { expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { providerSpamCheck } from './provider-spam.check.js';

it.each([
  ['fail', 1],
  ['pass', 0],
  ['none', 0],
])('tells of the verdict %s of SES %i times', (spam, times) => {
  const mail = outboundMail({ direction: 'inbound', providerScan: { virus: 'fail', spam } });
  expect(providerSpamCheck.run(mail).map(({ method }) => method)).toEqual(Array.from({ length: times }, () => 'spam'));
});

it('says nothing of mail that no provider looked at', () => {
  expect(providerSpamCheck.run(outboundMail({ direction: 'inbound' }))).toEqual([]);
});
