import { expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { cutContentCheck } from './cut-content.check.js';

it('names each channel that was cut', () => {
  expect(cutContentCheck.run(outboundMail({ cut: ['text', 'html'] }))).toEqual(
    ['text', 'html'].map((channel) => ({
      method: 'truncated',
      result: 'suspicious',
      confidence: 0.6,
      detail: `Only the first part of ${channel} was scanned, because it is too large.`,
    })),
  );
  expect(cutContentCheck.run(outboundMail({}))).toEqual([]);
});
